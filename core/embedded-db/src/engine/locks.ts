import { CommandError } from '../errors.ts'
import { Blocked } from './write-context.ts'

/** A holder of records and keys: an open transaction. */
export interface LockOwner {
  readonly ended: Promise<void>
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

/** Which record or unique key belongs to which open transaction; the first to write wins. */
export class LockTable {
  private readonly owners = new Map<string, LockOwner>()

  /** @throws Blocked when a transaction holds the key */
  check(key: Buffer): void {
    if (this.owners.size === 0) return
    const owner = this.owners.get(key.toString('latin1'))
    if (owner) throw new Blocked(owner.ended)
  }

  /** Takes the key for a transaction. @throws CommandError 112 when another holds it */
  take(key: Buffer, owner: LockOwner): string {
    const name = key.toString('latin1')
    const current = this.owners.get(name)
    if (current && current !== owner) throw writeConflict()
    this.owners.set(name, owner)
    return name
  }

  release(names: Iterable<string>): void {
    for (const name of names) this.owners.delete(name)
  }
}
