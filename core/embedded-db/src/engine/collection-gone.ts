import { CommandError } from '../errors.ts'
import type { Collection } from './collection.ts'

/** What an operation that was at work in a collection is answered when that was dropped, replaced or renamed meanwhile. */
export function collectionGone({ namespace, dropped, uuid }: Collection, before: string): CommandError {
  const what =
    dropped || namespace === before ? 'collection dropped' : `collection renamed from '${before}' to '${namespace}'`
  return new CommandError(175, 'QueryPlanKilled', `${what}. UUID ${String(uuid)}`)
}
