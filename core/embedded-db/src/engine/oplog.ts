import { Timestamp } from 'bson'
import type { Binary, Document, Long } from 'bson'
import { decode } from '../bson/decode.ts'
import type { RawDocument } from '../bson/types.ts'
import { checkDocument } from '../bson/walk.ts'
import { BsonWriter, RawDocuments, RawValue } from '../bson/writer.ts'
import type { Reader } from '../store/store.ts'
import { Table, tableKey, tableRange } from './keyspace.ts'
import { addOperation, type Operation } from './operation.ts'
import { loggedName } from './time-series.ts'

/** The session and transaction a change was made in, as change events show them. */
export interface Origin {
  lsid: Document
  txnNumber: Long
}

/** One operation as read back; `documents` and images are typed. */
export interface LoggedOperation {
  kind: Operation['kind']
  database: string
  /** Absent for commands on a whole database. */
  collection: string | undefined
  uuid: Binary | undefined
  documents: Document[]
  key: Document | undefined
  change: Document | undefined
  pre: Document | undefined
  post: Document | undefined
  command: { name: string; detail: Document } | undefined
}

/** One atomic commit, or a part of one: the operations of a statement, or of a transaction, which share `origin`. */
export interface LogEntry {
  time: Timestamp
  /** The first and the last time that its commit takes, which is several entries for a large transaction. */
  first: Timestamp
  last: Timestamp
  wall: Date
  origin: Origin | undefined
  operations: LoggedOperation[]
}

export function timeKey(time: Timestamp): Buffer {
  const key = Buffer.allocUnsafe(8)
  key.writeUInt32BE(time.high >>> 0, 0)
  key.writeUInt32BE(time.low >>> 0, 4)
  return tableKey(Table.oplog, key)
}

function timeOfKey(key: Buffer): Timestamp {
  return new Timestamp({ t: key.readUInt32BE(4), i: key.readUInt32BE(8) })
}

function operationFields(operation: Operation): Record<string, unknown> {
  if (operation.kind === 'command')
    return {
      o: 'command',
      db: operation.database,
      ns: operation.namespace,
      name: operation.name,
      detail: operation.detail,
    }
  const { database: db, uuid } = operation.collection
  const head = { o: operation.kind, db, ns: loggedName(operation.collection), uuid }
  const raw = (bytes: RawDocument | undefined): RawValue | undefined => bytes && new RawValue(bytes)
  if (operation.kind === 'insert') return { ...head, documents: new RawDocuments(operation.documents) }
  if (operation.kind === 'delete') return { ...head, key: raw(operation.key), pre: raw(operation.pre) }
  return {
    ...head,
    key: raw(operation.key),
    change: operation.change,
    pre: raw(operation.pre),
    post: raw(operation.post),
  }
}

/** How many cluster times the operations of an entry take: one for each document. */
export function timesTaken(operations: readonly { kind: string; documents?: readonly unknown[] }[]): number {
  return operations.reduce((sum, { kind, documents }) => sum + (kind === 'insert' ? (documents?.length ?? 0) : 1), 0)
}

/** An entry without its time, which its commit gives it. */
export interface EncodedEntry {
  bytes: Buffer
  /** How many cluster times it takes. */
  times: number
}

/** Operations of an entry of a large transaction: others have their turn between two, also while a change stream reads. */
const MOST_OPERATIONS = 500

/** Where an entry is among those of its transaction: cluster times before it, and of all. */
type Place = readonly [before: number, total: number]

/** @param place of one of several entries */
export function encodeEntry(operations: readonly Operation[], origin: Origin | undefined, place?: Place): EncodedEntry {
  const out = new BsonWriter()
  out.document({
    wall: new Date(),
    lsid: origin?.lsid,
    txnNumber: origin?.txnNumber,
    place,
    operations: operations.map(operationFields),
  })
  return { bytes: out.finish(), times: timesTaken(operations) }
}

/** The entries of a transaction, one at each step. */
export function* encodeEntries(operations: readonly Operation[], origin: Origin): Generator<EncodedEntry> {
  const total = timesTaken(operations)
  if (total <= MOST_OPERATIONS) return yield encodeEntry(operations, origin)
  let part: Operation[] = []
  let size = 0
  let before = 0
  for (const piece of piecesOf(operations)) {
    const times = timesTaken([piece])
    if (size + times > MOST_OPERATIONS) {
      yield encodeEntry(part, origin, [before, total])
      before += size
      part = []
      size = 0
    }
    addOperation(part, piece)
    size += times
  }
  return yield encodeEntry(part, origin, [before, total])
}

/** The operations, none of which takes more than an entry may hold. */
function* piecesOf(operations: readonly Operation[]): Generator<Operation> {
  for (const operation of operations)
    if (operation.kind !== 'insert') yield operation
    else
      for (let i = 0; i < operation.documents.length; i += MOST_OPERATIONS)
        yield { ...operation, documents: operation.documents.slice(i, i + MOST_OPERATIONS) }
}

/** A time so many increments later. */
export function laterBy(time: Timestamp, increments: number): Timestamp {
  return new Timestamp({ t: time.high >>> 0, i: (time.low >>> 0) + increments })
}

function readOperation(stored: Document): LoggedOperation {
  return {
    kind: stored.o as Operation['kind'],
    database: stored.db as string,
    collection: (stored.ns as string) || undefined,
    uuid: stored.uuid as Binary | undefined,
    documents: (stored.documents ?? []) as Document[],
    key: stored.key as Document | undefined,
    change: stored.change as Document | undefined,
    pre: stored.pre as Document | undefined,
    post: stored.post as Document | undefined,
    command: stored.o === 'command' ? { name: stored.name as string, detail: stored.detail as Document } : undefined,
  }
}

/** The entries from `from` on, in order. */
export function* readEntries(reader: Reader, from: Timestamp): Generator<LogEntry> {
  for (const { key, value } of reader.range({ start: timeKey(from), end: tableRange(Table.oplog).end })) {
    const stored = decode(value)
    const origin =
      stored.txnNumber === undefined
        ? undefined
        : { lsid: stored.lsid as Document, txnNumber: stored.txnNumber as Long }
    const time = timeOfKey(key)
    const operations = (stored.operations as Document[]).map(readOperation)
    const [before, total] = (stored.place as unknown[] | undefined)?.map(Number) ?? [0, timesTaken(operations)]
    const first = laterBy(time, -(before as number))
    yield {
      time,
      first,
      last: laterBy(first, (total as number) - 1),
      wall: stored.wall as Date,
      origin,
      operations,
    }
  }
}

/** The time of the first or last entry. */
export function edgeOfLog(reader: Reader, last: boolean): { time: Timestamp; value: Buffer } | undefined {
  for (const { key, value } of reader.range({ ...tableRange(Table.oplog), reverse: last }))
    return { time: timeOfKey(key), value }
  return undefined
}

/** The last cluster time that a stored entry takes. */
export function lastTime(reader: Reader): Timestamp {
  const edge = edgeOfLog(reader, true)
  if (!edge) return new Timestamp({ t: 1, i: 0 })
  checkDocument(edge.value)
  const operations = decode(edge.value, new Set(['operations'])).operations as Document[]
  const taken = operations.reduce(
    (sum, operation) => sum + (Array.isArray(operation.documents) ? operation.documents.length : 1),
    0,
  )
  return laterBy(edge.time, taken - 1)
}
