import type { I18n, ReasonText } from '@dcesop/sdk-plugin/ui'

/** Why there is no plan, as the registry tells it: a sentence in English, and the same by a code. */
export interface Objection {
  readonly text: string
  /** Missing from an older registry. */
  readonly code?: string
  readonly params?: Readonly<Record<string, string | number | readonly string[]>>
}

/** Every code that has a message. */
export const objectionCodes: readonly string[] = [
  'wish',
  'wish_none',
  'wish_unknown',
  'installed',
  'installed_unknown',
  'removed',
  'barred_yanked',
  'barred_flagged',
  'barred_channel',
  'barred_excluded',
  'barred_unapproved',
  'engine',
  'consumes',
  'consumes_from',
  'consumes_none',
  'consumes_unknown',
  'requires',
  'requires_none',
  'requires_unknown',
  'provides',
  'provides_once',
  'conflict',
  'cycle',
]

/** An objection in words. The registry's own sentence where a code is not known here, or there is none. */
export function objectionText({ text, code = '', params = {} }: Objection, i18n: Pick<I18n, 't' | 'list'>): ReasonText {
  if (!objectionCodes.includes(code)) return { text, lang: 'en' }
  const shown = Object.entries(params).map(([name, value]) => [name, inWords(i18n, name, value)])
  return { text: i18n.t(`objection.${code}`, Object.fromEntries(shown)), lang: undefined }
}

/** Versions come newest first; of many, both ends say enough. */
function inWords(
  i18n: Pick<I18n, 't' | 'list'>,
  name: string,
  value: string | number | readonly string[],
): string | number {
  if (typeof value !== 'object') return value
  if (!/versions$/i.test(name)) return i18n.list(value)
  if (value.length <= 2) return i18n.list(value.toReversed())
  return i18n.t('objection.versions', { from: value.at(-1), to: value[0], count: value.length })
}
