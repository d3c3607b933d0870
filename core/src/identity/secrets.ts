import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits in base64url: 43 characters. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of a random secret: SHA-256 in base64url. Only for secrets of full entropy, never for passwords. */
export function digest(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** Compares digests without telling by time where they differ. */
export function sameDigest(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
