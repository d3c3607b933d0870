import { decode } from '../../bson/decode.ts'
import { encode, withIdFirst } from '../../bson/raw.ts'
import { decodeAt, placesOf, rewrite } from '../../bson/rewrite.ts'
import type { RawDocument } from '../../bson/types.ts'
import { trimCapped } from '../capped.ts'
import type { Collection, Hit } from '../collection.ts'
import { insertDocument, updateDocument } from '../documents.ts'
import type { Interrupt } from '../interrupt.ts'
import type { WriteContext } from '../write-context.ts'
import type { WriteMode } from './mode.ts'
import type { CompiledUpdate } from '../../update/types.ts'
import type { Target } from './target.ts'
import type { StatementLog } from './retry.ts'
import { LATER } from './statements.ts'
import type { Statement } from './statements.ts'
import { FewTargets, firstNow, withEach, withFirst } from './target.ts'

export interface UpdateRequest {
  target: Target
  update: CompiledUpdate
  multi: boolean
  upsert: boolean
  bypassValidation: boolean
  database: string
  name: string
}

export interface UpdateResult {
  matched: number
  modified: number
  /** Wrapped, since an _id may be null. */
  upserted: { id: unknown } | undefined
  before: RawDocument | undefined
  after: RawDocument | undefined
}

const nothing = (): UpdateResult => ({
  matched: 0,
  modified: 0,
  upserted: undefined,
  before: undefined,
  after: undefined,
})

function change(
  context: WriteContext,
  collection: Collection,
  hit: Hit,
  request: UpdateRequest,
): RawDocument | undefined {
  const { update } = request
  const touched: (readonly string[])[] | undefined = update.kind === 'modify' ? [] : undefined
  const places = update.fields && placesOf(hit.bytes, update.fields)
  const before =
    places && update.fields && suffices(update.fields, collection) ? decodeAt(hit.bytes, places) : decode(hit.bytes)
  const after = update.apply(before, touched)
  if (after === before) return undefined
  const bytes = withIdFirst(places ? rewrite(hit.bytes, places, before, after) : encode(after))
  if (bytes.equals(hit.bytes)) return undefined
  updateDocument(context, collection, hit, before, after, bytes, {
    isReplacement: update.kind === 'replace',
    bypassValidation: request.bypassValidation,
    touched,
  })
  return bytes
}

/** Whether neither validator nor index looks at more of a document than at the fields of an update. */
function suffices(fields: ReadonlySet<string>, { validate, indexes }: Collection): boolean {
  return validate === undefined && indexes.every(({ roots }) => roots !== undefined && !sharesField(roots, fields))
}

/** The `_id` is among the fields of every update, none of which changes it. */
function sharesField(roots: ReadonlySet<string>, fields: ReadonlySet<string>): boolean {
  for (const root of roots) if (root !== '_id' && fields.has(root)) return true
  return false
}

function upsert(context: WriteContext, request: UpdateRequest): UpdateResult {
  const collection = context.ensureCollection(request.database, request.name)
  const bytes = withIdFirst(encode(request.update.insert()))
  insertDocument(context, collection, bytes, request.bypassValidation)
  if (collection.options.capped === true) trimCapped(context, collection)
  return { ...nothing(), upserted: { id: decode(bytes, ID)._id as unknown }, after: bytes }
}

const ID = new Set(['_id'])

/**
 * Updates one or all matching documents, or inserts one when none matches and `upsert` is asked for.
 * @param record notes the result of a single update or an upsert in `log`
 */
export function updateStatement(
  mode: WriteMode,
  request: UpdateRequest,
  interrupt: Interrupt,
  log: StatementLog,
  record: (result: UpdateResult) => void,
): Statement<UpdateResult> {
  const { target } = request
  const result = nothing()
  const few = new FewTargets(target)
  const one = (context: WriteContext, hit: Hit | undefined): UpdateResult => {
    const outcome = updateFirst(context, hit, request)
    record(outcome)
    return outcome
  }
  const count = (context: WriteContext, collection: Collection, hit: Hit): void => {
    const changed = change(context, collection, hit, request)
    result.matched++
    if (changed) result.modified++
  }
  return {
    within(context, until) {
      if (!request.multi) return firstNow(context, target, until, one)
      if (!few.each(context, until, count)) return LATER
      return result.matched > 0 || !request.upsert ? result : one(context, undefined)
    },
    async alone() {
      if (request.multi) {
        await withEach(mode, target, interrupt, count)
        if (result.matched > 0 || !request.upsert) return result
      }
      return withFirst(mode, target, interrupt, (context, hit) => {
        const outcome = one(context, hit)
        log.save(context)
        return outcome
      })
    },
  }
}

function updateFirst(context: WriteContext, hit: Hit | undefined, request: UpdateRequest): UpdateResult {
  const collection = context.collection(request.target.namespace)
  if (collection && hit) {
    const after = change(context, collection, hit, request)
    return { ...nothing(), matched: 1, modified: after ? 1 : 0, before: hit.bytes, after: after ?? hit.bytes }
  }
  return request.upsert ? upsert(context, request) : nothing()
}
