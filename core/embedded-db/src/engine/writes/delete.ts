import type { Document } from 'bson'
import { deleteDocument } from '../documents.ts'
import type { Interrupt } from '../interrupt.ts'
import type { WriteMode } from './mode.ts'
import type { StatementLog } from './retry.ts'
import type { Target } from './target.ts'
import { withEach, withFirst } from './target.ts'

/** Deletes one or all matching documents; `statement` is recorded for retries of a single delete. */
export async function deleteMatching(
  mode: WriteMode,
  target: Target,
  multi: boolean,
  log: StatementLog,
  statement: number,
  interrupt: Interrupt,
): Promise<number> {
  const done: Document | undefined = log.done(statement)
  if (done) return Number(done.n ?? 0)
  if (multi) {
    let deleted = 0
    await withEach(mode, target, interrupt, (context, collection, hit) => {
      deleteDocument(context, collection, hit)
      deleted++
    })
    return deleted
  }
  return withFirst(mode, target, interrupt, (context, hit) => {
    const collection = context.collection(target.namespace)
    if (collection && hit) deleteDocument(context, collection, hit)
    const n = collection && hit ? 1 : 0
    log.record(statement, { n })
    log.save(context)
    return n
  })
}
