import { CommandError } from '../../errors.ts'
import type { RawDocument } from '../../bson/types.ts'
import { withIdFirst } from '../../bson/raw.ts'
import { SLICE_MS } from '../commit-queue.ts'
import type { Collection } from '../collection.ts'
import { checkInsertedId, insertDocument } from '../documents.ts'
import { trimCapped } from '../capped.ts'
import { Turns } from '../interrupt.ts'
import type { Interrupt } from '../interrupt.ts'
import { keysInTurns, mayHaveManyKeys } from '../large-keys.ts'
import type { ReadyKeys } from '../large-keys.ts'
import type { WriteContext } from '../write-context.ts'
import type { WriteMode } from './mode.ts'
import type { StatementLog } from './retry.ts'
import type { Statement } from './statements.ts'

export interface InsertRequest {
  database: string
  name: string
  documents: readonly RawDocument[]
  ordered: boolean
  bypassValidation: boolean
  /** The number of each document's statement, for retries. */
  statement: (index: number) => number
  /** Told of each document that is refused; what it throws ends the insert. */
  failed: (index: number, error: CommandError) => void
}

/** What a statement that inserted is answered when it is sent again: nothing but that it is done. */
const DONE = Object.freeze({})

/** Inserts documents one by one, many to a commit; stops at the first error when ordered. @returns how many are there */
export async function insertDocuments(
  mode: WriteMode,
  request: InsertRequest,
  log: StatementLog,
  interrupt: Interrupt,
): Promise<number> {
  let inserted = 0
  let next = 0
  let stopped = false
  while (next < request.documents.length && !stopped) {
    interrupt.check()
    const first = next
    const ready = await keysAhead(
      mode.source.collection(`${request.database}.${request.name}`),
      request,
      first,
      interrupt,
    )
    await mode.run((context) => {
      const until = performance.now() + SLICE_MS
      let collection: Collection | undefined
      try {
        do {
          const statement = request.statement(next)
          try {
            if (!log.done(statement)) {
              collection ??= context.ensureCollection(request.database, request.name)
              const keys = next === first ? ready : undefined
              insertInto(context, collection, request.documents[next] as RawDocument, request.bypassValidation, keys)
              log.record(statement, DONE)
            }
            inserted++
          } catch (error) {
            if (!(error instanceof CommandError) || mode.transactional) throw error
            request.failed(next, error)
            stopped = request.ordered
          }
          next++
        } while (next < request.documents.length && !stopped && performance.now() < until)
      } finally {
        // Also when another transaction stops the loop: what is done is in this commit.
        log.save(context)
      }
    })
  }
  return inserted
}

/** The keys of the document at hand if it is a large one, but for those with its `_id`, which it may have yet to be given. */
async function keysAhead(
  collection: Collection | undefined,
  { documents }: InsertRequest,
  at: number,
  interrupt: Interrupt,
): Promise<ReadyKeys | undefined> {
  const document = documents[at] as RawDocument
  if (!collection || !mayHaveManyKeys(document)) return undefined
  const indexes = collection.indexes.filter(({ roots }) => roots && !roots.has('_id'))
  try {
    return await keysInTurns(collection, indexes, document, new Turns(interrupt))
  } catch (error) {
    // The insert meets the same again, and knows whose it is.
    if (error instanceof CommandError) return undefined
    throw error
  }
}

function insertInto(
  context: WriteContext,
  collection: Collection,
  document: RawDocument,
  bypassValidation: boolean,
  ready?: ReadyKeys,
): void {
  const withId = withIdFirst(document)
  checkInsertedId(withId)
  insertDocument(context, collection, withId, bypassValidation, ready)
  if (collection.options.capped === true) trimCapped(context, collection)
}

export interface InsertOne {
  database: string
  name: string
  document: RawDocument
  bypassValidation: boolean
  statement: number
}

/** The insert of one document, as a statement among others. */
export function insertStatement(mode: WriteMode, request: InsertOne, log: StatementLog): Statement<void> {
  const within = (context: WriteContext): void => {
    if (log.done(request.statement)) return
    const { database, name, document, bypassValidation } = request
    insertInto(context, context.ensureCollection(database, name), document, bypassValidation)
    log.record(request.statement, DONE)
  }
  return {
    within,
    alone: () =>
      mode.run((context) => {
        within(context)
        log.save(context)
      }),
  }
}
