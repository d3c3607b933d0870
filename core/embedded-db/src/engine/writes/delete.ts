import type { Collection, Hit } from '../collection.ts'
import { deleteDocument } from '../documents.ts'
import type { Interrupt } from '../interrupt.ts'
import type { WriteContext } from '../write-context.ts'
import type { WriteMode } from './mode.ts'
import { refuseMany } from './retry.ts'
import type { StatementLog } from './retry.ts'
import { LATER } from './statements.ts'
import type { Statement } from './statements.ts'
import type { Target } from './target.ts'
import { FewTargets, firstNow, withEach, withFirst } from './target.ts'

/** Deletes one or all matching documents and answers how many; a single delete is recorded as `statement` for retries. @throws as {@link refuseMany} */
export function deleteStatement(
  mode: WriteMode,
  target: Target,
  multi: boolean,
  log: StatementLog,
  statement: number,
  interrupt: Interrupt,
): Statement<number> {
  if (multi) refuseMany(log, 'limit=0')
  const one = (context: WriteContext, hit: Hit | undefined): number => {
    const collection = context.collection(target.namespace)
    if (collection && hit) deleteDocument(context, collection, hit)
    const n = collection && hit ? 1 : 0
    log.record(statement, { n })
    return n
  }
  const few = new FewTargets(target)
  let deleted = 0
  const count = (context: WriteContext, collection: Collection, hit: Hit): void => {
    deleteDocument(context, collection, hit)
    deleted++
  }
  return {
    within(context, until) {
      const done = log.done(statement)
      if (done) return Number(done.n ?? 0)
      if (!multi) return firstNow(context, target, until, one)
      return few.each(context, until, count) ? deleted : LATER
    },
    async alone() {
      if (!multi)
        return withFirst(mode, target, interrupt, (context, hit) => {
          const n = one(context, hit)
          log.save(context)
          return n
        })
      await withEach(mode, target, interrupt, count)
      return deleted
    },
  }
}
