import { UUID } from 'bson'
import type { Document } from 'bson'
import type { MergeSpec, PipelineWriters, Target } from '../aggregate/types.ts'
import { decode } from '../bson/decode.ts'
import { encode, withIdFirst } from '../bson/raw.ts'
import { CommandError, notImplemented } from '../errors.ts'
import { checkNamespace } from '../engine/engine.ts'
import type { Collection, Hit } from '../engine/collection.ts'
import { clearTables, renameCollection } from '../engine/definitions.ts'
import { shellText } from '../engine/shell-text.ts'
import { insertDocument, updateDocument } from '../engine/documents.ts'
import { buildIndexOnline } from '../engine/index-build.ts'
import { insertDocuments } from '../engine/writes/insert.ts'
import { noStatementLog } from '../engine/writes/retry.ts'
import { runStatements } from '../engine/writes/statements.ts'
import type { Statement } from '../engine/writes/statements.ts'
import { firstNow, withFirst } from '../engine/writes/target.ts'
import type { WriteContext } from '../engine/write-context.ts'
import { compileQuery } from '../engine/query/query.ts'
import { valueAt } from '../values/paths.ts'
import { flag } from './arguments.ts'
import type { CommandContext } from './command.ts'

const BATCH = 500

async function* batches(documents: AsyncIterable<Document>): AsyncGenerator<Document[]> {
  let batch: Document[] = []
  for await (const document of documents) {
    batch.push(document)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** @throws CommandError 238 for a time series */
function refuseSeries(collection: Collection | undefined): void {
  if (collection?.timeField !== undefined) throw notImplemented('writing into a time series by $out or $merge')
}

/** Fills a collection under a temporary name and puts it in the target's place at once, with the target's options and indexes. */
async function out(context: CommandContext, target: Target, documents: AsyncIterable<Document>): Promise<void> {
  const { engine } = context
  checkNamespace(target.db, target.coll)
  const namespace = `${target.db}.${target.coll}`
  if (engine.catalogue.views.has(namespace))
    throw new CommandError(166, 'CommandNotSupportedOnView', `namespace '${namespace}' is a view`)
  const existing = engine.collection(namespace)
  refuseSeries(existing)
  if (existing?.options.capped === true)
    throw new CommandError(17152, 'Location17152', `namespace '${namespace}' is capped so it can't be used for $out`)
  const name = `tmp_agg_out.${new UUID().toString()}`
  const temporary = await engine.write((write) =>
    engine.createCollection(write, target.db, name, existing?.options ?? {}),
  )
  try {
    for (const index of existing?.indexes.slice(1) ?? [])
      await buildIndexOnline(engine, temporary, index.spec, context.interrupt)
    for await (const batch of batches(documents)) {
      await insertDocuments(
        context.mode,
        {
          database: target.db,
          name,
          documents: batch.map(encode),
          ordered: true,
          bypassValidation: flag(context.body.bypassDocumentValidation),
          statement: (i) => i,
          failed(_, error) {
            throw error
          },
        },
        noStatementLog,
        context.interrupt,
      )
    }
    await clearTables(
      engine,
      await engine.write((write) =>
        renameCollection(engine, write, `${target.db}.${name}`, { database: target.db, name: target.coll }, true),
      ),
    )
  } catch (error) {
    const left = engine.catalogue.collections.get(`${target.db}.${name}`)
    if (left)
      await clearTables(
        engine,
        await engine.write(
          (write) => (engine.catalogue.remove(write, left), [left.table, ...left.indexes.map((index) => index.table)]),
        ),
      )
    throw error
  }
}

function mergeFilter(spec: MergeSpec, document: Document): Document {
  return Object.fromEntries(
    spec.on.map((path) => {
      const value = valueAt(document, path.split('.'))
      if (Array.isArray(value))
        throw new CommandError(51185, 'Location51185', `$merge write error: 'on' field '${path}' is an array`)
      if (value === undefined || value === null) {
        if (path !== '_id' || value !== undefined)
          throw new CommandError(
            51132,
            'Location51132',
            `$merge write error: 'on' field '${path}' cannot be missing, null or undefined`,
          )
      }
      return [path, { $eq: value }]
    }),
  )
}

function merged(spec: MergeSpec, existing: Document, incoming: Document): Document {
  if (spec.whenMatched === 'replace') return { ...incoming, _id: existing._id as unknown }
  if (spec.whenMatched === 'merge') return { ...existing, ...incoming, _id: existing._id as unknown }
  return spec.update ? spec.update(existing, incoming) : existing
}

/** One document of $merge, as a statement among others. */
function mergeStatement(
  context: CommandContext,
  { db, coll }: Target,
  spec: MergeSpec,
  incoming: Document,
): Statement<void> {
  const bypassValidation = flag(context.body.bypassDocumentValidation)
  const insertable = withIdFirst(encode(incoming))
  const query = compileQuery(mergeFilter(spec, '_id' in incoming ? incoming : decode(insertable)), {})
  const target = { namespace: `${db}.${coll}`, query, hint: undefined, sort: undefined, sorter: undefined }
  const act = (write: WriteContext, hit: Hit | undefined): void => {
    const collection = hit ? write.collection(`${db}.${coll}`) : undefined
    if (hit && collection) {
      if (spec.whenMatched === 'keepExisting') return
      const before = decode(hit.bytes)
      if (spec.whenMatched === 'fail') throw mergeDuplicate(collection, spec, before)
      const after = merged(spec, before, incoming)
      const bytes = withIdFirst(encode(after))
      if (!bytes.equals(hit.bytes))
        updateDocument(write, collection, hit, before, after, bytes, {
          isReplacement: spec.whenMatched === 'replace',
          bypassValidation,
        })
    } else if (spec.whenNotMatched === 'insert')
      insertDocument(write, write.ensureCollection(db, coll), insertable, bypassValidation)
    else if (spec.whenNotMatched === 'fail')
      throw new CommandError(
        13113,
        'MergeStageNoMatchingDocument',
        '$merge could not find a matching document in the target collection for at least one document in the source collection',
      )
  }
  return {
    within: (write, until) => firstNow(write, target, until, act),
    alone: () => withFirst(context.mode, target, context.interrupt, act),
  }
}

function mergeDuplicate({ namespace, indexes }: Collection, spec: MergeSpec, existing: Document): CommandError {
  const wanted = spec.on.toSorted().join('\n')
  const indexName = indexes.find(({ unique, fields }) => unique && fields.toSorted().join('\n') === wanted)?.name
  const keyValue = Object.fromEntries(spec.on.map((path) => [path, valueAt(existing, path.split('.'))]))
  const keyPattern = Object.fromEntries(spec.on.map((path) => [path, 1]))
  return new CommandError(
    11000,
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespace} index: ${indexName} dup key: ${shellText(keyValue)}`,
    { extra: { keyPattern, keyValue } },
  )
}

/** @throws CommandError 51183 when no unique index makes the `on` fields identify one document */
function checkMergeTarget(context: CommandContext, target: Target, spec: MergeSpec): void {
  if (spec.on.length === 1 && spec.on[0] === '_id') return
  const collection = context.engine.collection(`${target.db}.${target.coll}`)
  const wanted = spec.on.toSorted().join('\n')
  const found = collection?.indexes.some(
    (index) =>
      index.unique && !index.partial && !index.pattern.sparse && [...index.fields].sort().join('\n') === wanted,
  )
  if (!found)
    throw new CommandError(51183, 'Location51183', 'Cannot find index to verify that join fields will be unique')
}

async function merge(
  context: CommandContext,
  target: Target,
  spec: MergeSpec,
  documents: AsyncIterable<Document>,
): Promise<void> {
  checkNamespace(target.db, target.coll)
  refuseSeries(context.engine.collection(`${target.db}.${target.coll}`))
  for await (const batch of batches(documents))
    await runStatements({
      mode: context.mode,
      interrupt: context.interrupt,
      log: noStatementLog,
      count: batch.length,
      ordered: true,
      compile: (index) => mergeStatement(context, target, spec, batch[index] as Document),
      done: () => undefined,
      failed(_, error) {
        throw error
      },
    })
}

/** How $out and $merge write. */
export function aggregateWriters(context: CommandContext): PipelineWriters {
  return {
    out: (target, documents) => out(context, target, documents),
    checkMerge: (target, spec) => checkMergeTarget(context, target, spec),
    merge: (target, spec, documents) => merge(context, target, spec, documents),
  }
}
