import { TrustError } from '../trust-error.ts'

/** @param members that must be there @throws TrustError `malformed` */
export function parsePayload<T extends object>(payload: Buffer, what: string, members: readonly string[]): T {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'))
    if (typeof value === 'object' && value !== null && members.every((member) => Object.hasOwn(value, member)))
      return value as T
  } catch {
    // Told below, like everything else that is not of this form.
  }
  throw new TrustError('malformed', `${what} is not of the form that it should have.`)
}
