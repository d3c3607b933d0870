import type { ImportInteraction, ImportRow } from '../server/import/row-schema.ts'
import type { DemoCountry } from './countries.ts'
import { pick } from './random.ts'

const subjects = [
  'slow_internet',
  'no_signal',
  'bill_question',
  'plan_change',
  'address_change',
  'wifi_password',
] as const
const channels = ['call', 'chat', 'portal', 'store', 'email'] as const
const months = 3

/** Bills, payments and a few contacts of the last three months and of this one, up to `today`. */
export function interactionsOf(
  row: ImportRow,
  country: DemoCountry,
  today: Date,
  random: () => number,
): ImportInteraction[] {
  const [account] = row.accounts
  if (account === undefined) return []
  const price = row.services.length * (country.prices[row.segment === 'mass' ? 0 : 1] ?? 0)
  const time = (monthsBack: number, dayOfMonth: number): string =>
    new Date(
      Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - monthsBack, dayOfMonth, 12, Math.floor(random() * 60)),
    )
      .toISOString()
      .replace('.000Z', 'Z')
  const money = { amount: price, currency: account.currency }
  const entries: ImportInteraction[] = []
  for (let back = months; back >= 0; back--) {
    const issued = time(back, account.cycleDay)
    const paid = time(back, account.cycleDay + 5 + Math.floor(random() * 10))
    const name = issued.slice(0, 7)
    entries.push({ externalId: `bill-${name}`, at: issued, kind: 'bill', channel: 'system', ...money })
    if (random() < 0.93)
      entries.push({ externalId: `payment-${name}`, at: paid, kind: 'payment', channel: 'portal', ...money })
    if (random() < 0.35) {
      const at = time(back, 1 + Math.floor(random() * 28))
      entries.push({
        externalId: `contact-${name}`,
        at,
        kind: 'contact',
        channel: pick(random, channels),
        subject: pick(random, subjects),
      })
    }
  }
  return entries.filter(({ at }) => new Date(at) <= today)
}
