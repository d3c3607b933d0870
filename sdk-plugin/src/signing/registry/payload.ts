import { distrust } from '../trust-error.ts'
import type { ToldTrust } from '../trust-text.ts'

/** @param members that must be there @throws TrustError `malformed` */
export function parsePayload<T extends object>(payload: Buffer, what: ToldTrust, members: readonly string[]): T {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'))
    if (typeof value === 'object' && value !== null && members.every((member) => Object.hasOwn(value, member)))
      return value as T
  } catch {
    // Told below, like everything else that is not of this form.
  }
  throw distrust('malformed', 'form', { what })
}
