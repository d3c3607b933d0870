import { randomUUID } from 'node:crypto'
import { UUID } from 'bson'
import type { Document, Binary } from 'bson'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/raw.ts'
import { CommandError } from '../errors.ts'
import type { Reader, Writer } from '../store/store.ts'
import type { Collection, View } from './collection.ts'
import { applyOptions, openCollection, storedCollection } from './collection-record.ts'
import { FIRST_TABLE, recordKey, recordOfKey, Table, tableKey, tableRange } from './keyspace.ts'
import { buildIndex, normalizeIndexSpec } from './index-spec.ts'
import { firstIndexes } from './time-series.ts'

const STATE = tableKey(Table.meta, Buffer.from('state'))

/** Every collection, view and index, in memory; each change is put in the commit that makes it. */
export class Catalogue {
  readonly collections = new Map<string, Collection>()
  readonly views = new Map<string, View>()
  private nextTable = FIRST_TABLE
  private steps = 0

  /** Reads all definitions again, at start and after a commit that failed. */
  load(reader: Reader): void {
    this.collections.clear()
    this.views.clear()
    const state = reader.get(STATE)
    if (state) this.nextTable = state.readUInt32BE(0)
    for (const { value } of reader.range(tableRange(Table.catalogue))) {
      const record = decode(value)
      if (record.type === 'view') this.views.set(record.ns as string, viewOf(record))
      else {
        const collection = openCollection(record)
        collection.version = ++this.steps
        Object.assign(collection, storedTotals(reader, collection.table))
        for (const { key } of reader.range({ ...tableRange(collection.table), reverse: true, keysOnly: true })) {
          collection.nextRecord = recordOfKey(key) + 1
          break
        }
        this.collections.set(collection.namespace, collection)
      }
    }
  }

  /** Table numbers that some definition uses. */
  tablesInUse(): Set<number> {
    return new Set(
      [...this.collections.values()].flatMap((collection) => [
        collection.table,
        ...collection.indexes.map((index) => index.table),
      ]),
    )
  }

  get tableLimit(): number {
    return this.nextTable
  }

  /** The engine's step at which a definition changes now; transactions that began before see a different one. */
  step(): number {
    return ++this.steps
  }

  get currentStep(): number {
    return this.steps
  }

  /** A table number never used before; stored with the definition that uses it. */
  allocateTable(): number {
    return this.nextTable++
  }

  /** @throws CommandError 13297 when there is a database whose name differs in case only */
  private checkCase(database: string): void {
    for (const other of [...this.collections.values(), ...this.views.values()])
      if (other.database !== database && other.database.toLowerCase() === database.toLowerCase())
        throw new CommandError(
          13297,
          'DatabaseDifferCase',
          `db already exists with different case already have: [${other.database}] trying to create [${database}]`,
        )
  }

  /** Makes a collection with the indexes of its start, not yet visible or stored. @throws as {@link checkCase} */
  define(database: string, name: string, options: Document): Collection {
    this.checkCase(database)
    const collection = openCollection({
      ns: `${database}.${name}`,
      // Node keeps random bytes for these at hand; bson asks the system for each.
      uuid: new UUID(randomUUID()) as Binary,
      table: this.allocateTable(),
      options,
      indexes: [],
    })
    const collation = options.collation as Document | undefined
    collection.indexes = firstIndexes(options).map((spec) =>
      buildIndex(normalizeIndexSpec(spec, collation), this.allocateTable()),
    )
    applyOptions(collection)
    return collection
  }

  add(writer: Writer, collection: Collection): void {
    if (this.collections.has(collection.namespace) || this.views.has(collection.namespace)) {
      throw new CommandError(48, 'NamespaceExists', `Collection ${collection.namespace} already exists.`)
    }
    this.collections.set(collection.namespace, collection)
    this.redefine(writer, collection)
  }

  /** Stores a definition after a change of it. */
  redefine(writer: Writer, collection: Collection): void {
    collection.version = this.step()
    applyOptions(collection)
    const state = Buffer.allocUnsafe(4)
    state.writeUInt32BE(this.nextTable, 0)
    writer.put(STATE, state)
    this.save(writer, collection)
  }

  /** Stores a definition without telling transactions: a wider multikey flag changes no meaning. */
  save(writer: Writer, collection: Collection): void {
    writer.put(nameKey(collection.namespace), encode(storedCollection(collection)))
  }

  saveStatistics(writer: Writer, collection: Collection): void {
    const totals = Buffer.allocUnsafe(16)
    totals.writeDoubleBE(collection.count, 0)
    totals.writeDoubleBE(collection.size, 8)
    writer.put(statisticsKey(collection.table), totals)
  }

  remove(writer: Writer, collection: Collection): void {
    this.collections.delete(collection.namespace)
    collection.dropped = true
    collection.version = this.step()
    writer.remove(nameKey(collection.namespace))
    writer.remove(statisticsKey(collection.table))
  }

  rename(writer: Writer, collection: Collection, database: string, name: string): void {
    this.collections.delete(collection.namespace)
    writer.remove(nameKey(collection.namespace))
    Object.assign(collection, { database, name, namespace: `${database}.${name}` })
    this.collections.set(collection.namespace, collection)
    this.redefine(writer, collection)
  }

  addView(writer: Writer, view: View): void {
    this.views.set(view.namespace, view)
    writer.put(
      nameKey(view.namespace),
      encode({
        type: 'view',
        ns: view.namespace,
        viewOn: view.viewOn,
        pipeline: view.pipeline,
        collation: view.collation ?? null,
      }),
    )
  }

  removeView(writer: Writer, view: View): void {
    this.views.delete(view.namespace)
    writer.remove(nameKey(view.namespace))
  }
}

/** A collection's totals as stored with the last commit that changed them. */
export function storedTotals(reader: Reader, table: number): { count: number; size: number } {
  const totals = reader.get(statisticsKey(table))
  return totals ? { count: totals.readDoubleBE(0), size: totals.readDoubleBE(8) } : { count: 0, size: 0 }
}

function definitionIn(reader: Reader, namespace: string): Document | undefined {
  const stored = reader.get(nameKey(namespace))
  return stored && decode(stored)
}

/** A collection as a reader of an earlier state sees it. */
export function collectionIn(reader: Reader, namespace: string): Collection | undefined {
  const record = definitionIn(reader, namespace)
  if (record?.type !== 'collection') return undefined
  const collection = openCollection(record)
  return Object.assign(collection, storedTotals(reader, collection.table))
}

/** A view as a reader of an earlier state sees it. */
export function viewIn(reader: Reader, namespace: string): View | undefined {
  const record = definitionIn(reader, namespace)
  return record?.type === 'view' ? viewOf(record) : undefined
}

function viewOf(record: Document): View {
  const namespace = record.ns as string
  const dot = namespace.indexOf('.')
  return {
    namespace,
    database: namespace.slice(0, dot),
    name: namespace.slice(dot + 1),
    viewOn: record.viewOn as string,
    pipeline: record.pipeline as Document[],
    collation: (record.collation as Document | null) ?? undefined,
  }
}

function nameKey(namespace: string): Buffer {
  return tableKey(Table.catalogue, Buffer.from(namespace))
}

function statisticsKey(table: number): Buffer {
  return recordKey(Table.statistics, table)
}
