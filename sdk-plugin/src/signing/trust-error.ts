import { en, type TrustMessage } from './locales/en.ts'
import { type ToldTrust, trustTexts } from './trust-text.ts'

export type TrustFault =
  | 'malformed'
  | 'wrong_signature'
  | 'key_not_valid'
  | 'expired'
  | 'from_the_future'
  | 'rolled_back'
  | 'other_subject'
  | 'log_altered'

/** The sentence of an id. */
export const inEnglish = trustTexts('en', en)

/** Why something signed is not believed: a stable code, and a sentence for the operator. */
export class TrustError extends Error {
  readonly code: TrustFault
  /** The sentence by its id, for other languages; not for what only a host or a registry finds. */
  readonly told: ToldTrust | undefined

  constructor(code: TrustFault, message: string, told?: ToldTrust) {
    super(message)
    this.name = 'TrustError'
    this.code = code
    this.told = told
  }
}

/** A reason that whoever checks a bundle or a package may meet, in their language. */
export function distrust(code: TrustFault, id: TrustMessage, params: ToldTrust['params'] = {}): TrustError {
  const told = { id, params }
  return new TrustError(code, inEnglish(told), told)
}

/** How far clocks may differ before what they say is not believed. */
export const clockSkewMs = 5 * 60_000

/** @throws TrustError when the time has not come or is over, by more than the skew */
export function checkTime(what: ToldTrust, now: Date, from: Date, until: Date | null): void {
  const skew = { what, now: now.toISOString(), minutes: clockSkewMs / 60_000 }
  if (from.getTime() > now.getTime() + clockSkewMs)
    throw distrust('from_the_future', 'future', { ...skew, from: from.toISOString() })
  if (until !== null && until.getTime() < now.getTime() - clockSkewMs)
    throw distrust('expired', 'expired', { ...skew, until: until.toISOString() })
}
