import { Secret, TOTP } from 'otpauth'

const periodSeconds = 30

/**
 * Counter of the time step (RFC 6238, 30 s, 6 digits, SHA-1) that the code belongs to: now, one before or one after; undefined when none.
 * @param secret base32
 */
export function totpCounter(secret: string, code: string, now: Date): number | undefined {
  const totp = new TOTP({ secret: Secret.fromBase32(secret), period: periodSeconds, digits: 6 })
  const delta = totp.validate({ token: code, timestamp: now.getTime(), window: 1 })
  return delta === null ? undefined : Math.floor(now.getTime() / 1000 / periodSeconds) + delta
}
