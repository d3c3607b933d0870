import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits; the prefix lets secret scanners find a leaked one. */
export function newToken(): string {
  return `dcesop_${randomBytes(32).toString('base64url')}`
}

/** What is stored of a token. Only for secrets of full entropy, never for passwords. */
export function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
