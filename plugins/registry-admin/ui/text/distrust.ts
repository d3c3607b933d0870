import type { I18n, ReasonText } from '@dcesop/sdk-plugin/ui'

/** Why something signed is not believed, as the host tells it by id; what it is about and why are parts of the sentence. */
export interface Distrust {
  readonly id: string
  readonly params?: Readonly<Record<string, string | number | Distrust>>
}

/** Every id that has a message. */
export const distrustIds: readonly string[] = [
  'what.approval',
  'what.bundle',
  'what.entry',
  'what.feed',
  'what.file',
  'what.head',
  'what.index',
  'what.keys',
  'what.snapshot',
  'why.revoked',
  'why.role',
  'why.signature',
  'why.time',
  'why.unknown',
  'answer.cut',
  'answer.failed',
  'answer.form',
  'answer.large',
  'answer.none',
  'answer.status',
  'approval.other',
  'approval.people',
  'bundle.bytes',
  'bundle.entry',
  'bundle.foreign',
  'bundle.large',
  'bundle.many',
  'bundle.missing',
  'bundle.old',
  'bundle.taken-back',
  'bundle.unlisted',
  'bundle.unlogged',
  'bundle.unproven',
  'bundle.unreadable',
  'bundle.unsigned',
  'keys.rolled-back',
  'keys.unsigned',
  'log.growth',
  'log.proof',
  'release.approval',
  'release.arrived',
  'release.bytes',
  'release.named',
  'release.told',
  'release.unreadable',
  'release.unsigned',
  'package.unsigned',
  'registry.unsigned',
  'snapshot.rolled-back',
  'state.ahead',
  'state.heard',
  'state.none',
  'both',
  'expired',
  'form',
  'format',
  'future',
  'not-believed',
  'type',
  'undated',
]

/** In words; undefined where an id is not known here. */
export function distrustText(told: Distrust, i18n: Pick<I18n, 't' | 'd'>): ReasonText | undefined {
  const text = sentenceOf(told, i18n)
  return text === undefined ? undefined : { text, lang: undefined }
}

function sentenceOf({ id, params = {} }: Distrust, i18n: Pick<I18n, 't' | 'd'>): string | undefined {
  const shown = Object.entries(params).map(
    ([name, value]) => [name, typeof value === 'object' ? sentenceOf(value, i18n) : inWords(value, i18n)] as const,
  )
  if (!distrustIds.includes(id) || shown.some(([, value]) => value === undefined)) return undefined
  return i18n.t(`distrust.${id}`, Object.fromEntries(shown) as Record<string, string | number>)
}

const isTime = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/

/** To the second: an error about time is about clocks. */
function inWords(value: string | number, i18n: Pick<I18n, 'd'>): string | number {
  if (typeof value === 'number' || !isTime.test(value)) return value
  return i18n.d(value, { dateStyle: 'medium', timeStyle: 'medium' })
}
