import { randomBytes } from 'node:crypto'

/** npm's `_rev`: counts the changes; the random part keeps a cache from taking one registry's state for another's. */
export function nextRevision(present: string | undefined): string {
  const number = Number(present?.split('-')[0] ?? 0)
  return `${number + 1}-${randomBytes(8).toString('hex')}`
}
