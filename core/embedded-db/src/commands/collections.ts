import { Int32 } from 'bson'
import type { Document } from 'bson'
import { encode } from '../bson/raw.ts'
import { CommandError } from '../errors.ts'
import type { Collection, View } from '../engine/collection.ts'
import { clearTables, dropCollection, dropView, renameCollection } from '../engine/definitions.ts'
import { ListSource } from '../engine/query/batch.ts'
import { shownIndexes } from '../engine/time-series.ts'
import { compileMatch } from '../match/index.ts'
import { collectionName, flag, long, optionalDocument } from './arguments.ts'
import type { Command } from './command.ts'
import { replyWithCursor } from './cursor-reply.ts'
import { cursorBatchSize } from './list-indexes.ts'

function describeCollection(collection: Collection): Document {
  const { indexes, options, name } = collection
  if (options.timeseries !== undefined) return { name, type: 'timeseries', options, info: { readOnly: false } }
  return {
    name,
    type: 'collection',
    options,
    info: { readOnly: false, uuid: collection.uuid },
    ...(options.clusteredIndex === undefined && { idIndex: indexes[0]?.spec }),
  }
}

function describeView(view: View): Document {
  const options: Document = { viewOn: view.viewOn, pipeline: view.pipeline }
  if (view.collation) options.collation = view.collation
  return { name: view.name, type: 'view', options, info: { readOnly: true } }
}

export const listCollections: Command = {
  name: 'listCollections',
  kinds: { nameOnly: 'flag', authorizedCollections: 'flag', includePendingDrops: 'flag' },
  fields: ['listCollections', 'filter', 'nameOnly', 'authorizedCollections', 'includePendingDrops', 'cursor'],
  run(context) {
    const { catalogue } = context.engine
    const mine = <T extends { database: string }>(all: Iterable<T>): T[] =>
      [...all].filter((one) => one.database === context.database)
    const views = mine(catalogue.views.values())
    const rows = [...mine(catalogue.collections.values()).map(describeCollection), ...views.map(describeView)]
    if (views.length > 0)
      rows.push({ name: 'system.views', type: 'collection', options: {}, info: { readOnly: false } })
    const accepts = compileMatch(optionalDocument(context, 'filter') ?? {})
    const shown = rows
      .filter((row) => accepts(row))
      .map((row) => (flag(context.body.nameOnly) ? { name: row.name as unknown, type: row.type as unknown } : row))
    return replyWithCursor(context, `${context.database}.$cmd.listCollections`, new ListSource(shown.map(encode)), {
      batchSize: cursorBatchSize(context) ?? Number.POSITIVE_INFINITY,
    })
  },
}

export const listDatabases: Command = {
  name: 'listDatabases',
  adminOnly: true,
  kinds: { nameOnly: 'flag', authorizedDatabases: 'flag' },
  fields: ['listDatabases', 'filter', 'nameOnly', 'authorizedDatabases'],
  run(context) {
    // The databases that every replica set has.
    const sizes = new Map(['admin', 'config', 'local'].map((name) => [name, 0]))
    for (const { database, size } of context.engine.catalogue.collections.values())
      sizes.set(database, (sizes.get(database) ?? 0) + size)
    for (const { database } of context.engine.catalogue.views.values()) sizes.set(database, sizes.get(database) ?? 0)
    const accepts = compileMatch(optionalDocument(context, 'filter') ?? {})
    const rows = [...sizes]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, size]) => ({ name, sizeOnDisk: long(size), empty: false }))
      .filter((row) => accepts(row))
    if (flag(context.body.nameOnly)) return { databases: rows.map(({ name }) => ({ name })) }
    const total = rows.reduce((sum, row) => sum + row.sizeOnDisk.toNumber(), 0)
    return { databases: rows, totalSize: long(total), totalSizeMb: long(Math.floor(total / 2 ** 20)) }
  },
}

export const drop: Command = {
  name: 'drop',
  fields: ['drop', 'collectionUUID'],
  async run(context) {
    const { engine } = context
    const namespace = `${context.database}.${collectionName(context)}`
    const found = engine.catalogue.collections.get(namespace)
    const indexes = found && shownIndexes(found).length
    const tables = await engine.write((write) => {
      const view = engine.catalogue.views.get(namespace)
      if (view) {
        dropView(engine, write, view)
        return []
      }
      const collection = engine.collection(namespace)
      return collection ? dropCollection(engine, write, collection) : undefined
    })
    if (tables === undefined) return {}
    await clearTables(engine, tables)
    return { nIndexesWas: indexes === undefined ? undefined : new Int32(indexes), ns: namespace }
  },
}

export const dropDatabase: Command = {
  name: 'dropDatabase',
  fields: ['dropDatabase'],
  async run(context) {
    const { engine, database } = context
    const tables = await engine.write((write) => {
      const collections = [...engine.catalogue.collections.values()].filter((one) => one.database === database)
      const views = [...engine.catalogue.views.values()].filter((one) => one.database === database)
      for (const view of views) engine.catalogue.removeView(write, view)
      const cleared = collections.flatMap((collection) => dropCollection(engine, write, collection))
      if (collections.length + views.length > 0)
        write.log({ kind: 'command', database, namespace: '', name: 'dropDatabase', detail: {} })
      return cleared
    })
    await clearTables(engine, tables)
    return { dropped: database }
  },
}

function splitNamespace(value: unknown): { database: string; name: string } {
  const text = String(value)
  const dot = text.indexOf('.')
  if (typeof value !== 'string' || dot < 1)
    throw new CommandError(73, 'InvalidNamespace', `Invalid namespace specified '${text}'`)
  return { database: text.slice(0, dot), name: text.slice(dot + 1) }
}

export const rename: Command = {
  name: 'renameCollection',
  fields: ['renameCollection', 'to', 'dropTarget', 'stayTemp'],
  adminOnly: true,
  async run(context) {
    const { engine, body } = context
    splitNamespace(body.renameCollection)
    if (body.to === undefined)
      throw new CommandError(40414, 'Location40414', "BSON field 'renameCollection.to' is missing but a required field")
    const to = splitNamespace(body.to)
    const cleared = await engine.write((write) =>
      renameCollection(engine, write, String(body.renameCollection), to, flag(body.dropTarget)),
    )
    await clearTables(engine, cleared)
    return {}
  },
}
