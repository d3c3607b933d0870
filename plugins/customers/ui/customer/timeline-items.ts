import type { I18n, IconName, TimelineItem as ShownItem } from '@dcesop/sdk-plugin/ui'
import type { TimelineItem } from '../../server/timeline.ts'

const channelIcons: Readonly<Record<TimelineItem['channel'], IconName>> = {
  call: 'phone',
  chat: 'message',
  email: 'mail',
  sms: 'message',
  portal: 'monitor',
  store: 'store',
  system: 'server',
}
const kindIcons: Readonly<Record<string, IconName>> = {
  note: 'pencil',
  bill: 'file',
  payment: 'credit-card',
  order: 'package',
  visit: 'wrench',
  diagnosis: 'stethoscope',
}
const ownKinds = new Set(['note', 'bill', 'payment', 'order', 'visit', 'contact'])
const knownSubjects = new Set([
  'slow_internet',
  'no_signal',
  'bill_question',
  'plan_change',
  'address_change',
  'wifi_password',
])

/** Own kinds come from this catalogue; others bring their title per locale, or are named by their kind alone. */
function titleOf(entry: TimelineItem, text: I18n): string {
  if (entry.kind === 'note') return text.t('timeline.note', { author: entry.author ?? '' })
  if (ownKinds.has(entry.kind)) return text.t(`timeline.${entry.kind}`)
  const given = entry.title?.[text.locale] ?? entry.title?.[text.locale.split('-')[0] ?? '']
  return given ?? text.t(entry.kind === 'diagnosis' ? 'timeline.diagnosis' : 'timeline.other')
}

function detailOf(entry: TimelineItem, text: I18n): string | undefined {
  if (entry.text !== undefined) return entry.text
  const { amount, currency, subject } = entry.values ?? {}
  if (typeof amount === 'number' && typeof currency === 'string') return text.money(amount, currency)
  if (typeof subject === 'string') return text.t(`timeline.subject.${knownSubjects.has(subject) ? subject : 'other'}`)
  return undefined
}

/** How an entry of the timeline is shown. */
export function shownItem(entry: TimelineItem, text: I18n): ShownItem {
  return {
    id: entry.id,
    at: entry.at,
    title: titleOf(entry, text),
    detail: detailOf(entry, text),
    icon: kindIcons[entry.kind] ?? channelIcons[entry.channel],
    channel: text.t(`channel.${entry.channel}`),
  }
}
