export type TrustFault =
  | 'malformed'
  | 'wrong_signature'
  | 'key_not_valid'
  | 'expired'
  | 'from_the_future'
  | 'rolled_back'
  | 'other_subject'
  | 'log_altered'

/** Why something signed is not believed: a stable code, and a sentence for the operator. */
export class TrustError extends Error {
  readonly code: TrustFault

  constructor(code: TrustFault, message: string) {
    super(message)
    this.name = 'TrustError'
    this.code = code
  }
}

/** How far clocks may differ before what they say is not believed. */
export const clockSkewMs = 5 * 60_000

/** @throws TrustError when the time has not come or is over, by more than the skew */
export function checkTime(what: string, now: Date, from: Date, until: Date | null): void {
  const skew = `(this machine's clock says ${now.toISOString()}; ${clockSkewMs / 60_000} minutes of difference are allowed)`
  if (from.getTime() > now.getTime() + clockSkewMs)
    throw new TrustError('from_the_future', `${what} is of ${from.toISOString()} ${skew}.`)
  if (until !== null && until.getTime() < now.getTime() - clockSkewMs)
    throw new TrustError('expired', `${what} was good until ${until.toISOString()} ${skew}.`)
}
