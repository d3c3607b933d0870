import { maskDocument, normaliseDocument } from './documents.ts'
import { maskEmail } from './masks.ts'
import { maskPhone } from './phones.ts'
import type { RegionProfile } from './regions.ts'
import { kindOfPrefix, type SearchPlan } from './search-keys.ts'

/** What goes on record of what was typed into a search. */
export type SoughtRecord = {
  /** What it was tried as, for example `phone account`. */
  readonly by: string
  /** A document, phone or e-mail as screens mask it. */
  readonly masked?: string
}

/**
 * How a search was made, without the personal value: tells one number that was tried again from a row of different ones. The mask is
 * the one of the screens, as a second one would complete what the first one hides; what may be a document is masked as one. Names and
 * account numbers leave nothing: the people shown are on record anyway.
 */
export function soughtRecord(plan: SearchPlan, profile: RegionProfile): SoughtRecord {
  if (plan.kind === 'words') return { by: 'name' }
  const by = [...new Set(plan.keys.map((key) => kindOfPrefix[key.charAt(0)] ?? 'account'))].join(' ')
  const masked = maskedValue(plan.keys, profile)
  return masked === undefined ? { by } : { by, masked }
}

function maskedValue(keys: readonly string[], { documents }: RegionProfile): string | undefined {
  const typed = (prefix: string) => keys.find((key) => key.startsWith(prefix))?.slice(prefix.length)
  const [document, phone, email] = [typed('d:'), typed('p:'), typed('e:')]
  const kind = document && documents.find((one) => normaliseDocument(one, document) === document)
  if (document && kind) return maskDocument(kind, document)
  if (phone) return maskPhone(phone)
  return email && maskEmail(email)
}
