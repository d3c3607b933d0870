import { decode } from '../../bson/decode.ts'
import { encode, withIdFirst } from '../../bson/raw.ts'
import type { RawDocument } from '../../bson/types.ts'
import { trimCapped } from '../capped.ts'
import type { Collection, Hit } from '../collection.ts'
import { insertDocument, updateDocument } from '../documents.ts'
import type { Interrupt } from '../interrupt.ts'
import type { WriteContext } from '../write-context.ts'
import type { WriteMode } from './mode.ts'
import type { CompiledUpdate } from '../../update/types.ts'
import type { Target } from './target.ts'
import { withEach, withFirst } from './target.ts'

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
  const before = decode(hit.bytes)
  const after = request.update.apply(before)
  if (after === before) return undefined
  const bytes = withIdFirst(encode(after))
  if (bytes.equals(hit.bytes)) return undefined
  updateDocument(context, collection, hit, before, after, bytes, {
    isReplacement: request.update.kind === 'replace',
    bypassValidation: request.bypassValidation,
  })
  return bytes
}

function upsert(context: WriteContext, request: UpdateRequest): UpdateResult {
  const collection = context.ensureCollection(request.database, request.name)
  const bytes = withIdFirst(encode(request.update.insert()))
  insertDocument(context, collection, bytes, request.bypassValidation)
  if (collection.options.capped === true) trimCapped(context, collection)
  return { ...nothing(), upserted: { id: decode(bytes, ID)._id as unknown }, after: bytes }
}

const ID = new Set(['_id'])

/** Updates one or all matching documents, or inserts one when none matches and `upsert` is asked for. */
export async function updateMatching(
  mode: WriteMode,
  request: UpdateRequest,
  interrupt: Interrupt,
  record: (context: WriteContext, result: UpdateResult) => void = () => undefined,
): Promise<UpdateResult> {
  const { target } = request
  const result = nothing()
  if (request.multi) {
    await withEach(mode, target, interrupt, (context, collection, hit) => {
      const changed = change(context, collection, hit, request)
      result.matched++
      if (changed) result.modified++
    })
    if (result.matched > 0 || !request.upsert) return result
  }
  return withFirst(mode, target, interrupt, (context, hit) => {
    const collection = context.collection(target.namespace)
    let outcome = nothing()
    if (collection && hit) {
      const after = change(context, collection, hit, request)
      outcome = {
        matched: 1,
        modified: after ? 1 : 0,
        upserted: undefined,
        before: hit.bytes,
        after: after ?? hit.bytes,
      }
    } else if (request.upsert) outcome = upsert(context, request)
    record(context, outcome)
    return outcome
  })
}
