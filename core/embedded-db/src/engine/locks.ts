import { CommandError } from '../errors.ts'
import { Blocked } from './write-context.ts'

/** A holder of records and keys: an open transaction. */
export interface LockOwner {
  readonly ended: Promise<void>
  /** The keys, as latin1. */
  readonly held: Set<string>
}

/** The error of a transaction that must be run again. */
export function writeConflict(detail = 'Please retry your operation or multi-document transaction.'): CommandError {
  return new CommandError(
    112,
    'WriteConflict',
    `Caused by :: Write conflict during plan execution and yielding is disabled. :: ${detail}`,
    { labels: ['TransientTransactionError'] },
  )
}

/** Which records and unique keys belong to which open transaction; the first to write wins. */
export class LockTable {
  private readonly owners = new Set<LockOwner>()

  /** @throws Blocked when a transaction holds the key */
  check(key: Buffer): void {
    if (this.owners.size === 0) return
    const owner = this.ownerOf(key.toString('latin1'))
    if (owner) throw new Blocked(owner.ended)
  }

  /** Takes the key for a transaction. @throws CommandError 112 when another holds it */
  take(key: Buffer, owner: LockOwner): void {
    const name = key.toString('latin1')
    const current = this.ownerOf(name)
    if (current && current !== owner) throw writeConflict()
    owner.held.add(name)
    this.owners.add(owner)
  }

  /** Frees all that the transaction holds, at once however much that is. */
  release(owner: LockOwner): void {
    this.owners.delete(owner)
  }

  private ownerOf(name: string): LockOwner | undefined {
    for (const owner of this.owners) if (owner.held.has(name)) return owner
    return undefined
  }
}
