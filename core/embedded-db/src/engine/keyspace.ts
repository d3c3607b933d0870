/**
 * How keys are divided: four bytes for the table, then the key in it. Tables below {@link FIRST_TABLE} are the engine's
 * own; each collection has one for its records (by record number, which is insertion order) and one for each index.
 */
import type { KeyRange } from '../keys/ranges.ts'

export const Table = { catalogue: 1, oplog: 2, sessions: 3, statistics: 4, meta: 5 } as const
export const FIRST_TABLE = 16

export const RECORD_BYTES = 6

export function tablePrefix(table: number): Buffer {
  const prefix = Buffer.allocUnsafe(4)
  prefix.writeUInt32BE(table, 0)
  return prefix
}

export function tableRange(table: number): KeyRange {
  return { start: tablePrefix(table), end: tablePrefix(table + 1) }
}

export function tableKey(table: number, key: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(4 + key.length)
  whole.writeUInt32BE(table, 0)
  whole.set(key, 4)
  return whole
}

export function recordKey(table: number, record: number): Buffer {
  const key = Buffer.allocUnsafe(4 + RECORD_BYTES)
  key.writeUInt32BE(table, 0)
  key.writeUIntBE(record, 4, RECORD_BYTES)
  return key
}

/** An entry of an index that allows duplicates: the record number ends the key. */
export function entryKey(table: number, key: Uint8Array, record: number): Buffer {
  const whole = Buffer.allocUnsafe(4 + key.length + RECORD_BYTES)
  whole.writeUInt32BE(table, 0)
  whole.set(key, 4)
  whole.writeUIntBE(record, 4 + key.length, RECORD_BYTES)
  return whole
}

/** The entries of an ordinary index that begin with a key. */
export function entriesOfKey(key: Buffer): KeyRange {
  return { start: key, end: Buffer.concat([key, Buffer.alloc(RECORD_BYTES + 1, 0xff)]) }
}

/** The record number that ends a record key or an index entry. */
export function recordOfKey(key: Buffer): number {
  return key.readUIntBE(key.length - RECORD_BYTES, RECORD_BYTES)
}

export function encodeRecord(record: number): Buffer {
  const value = Buffer.allocUnsafe(RECORD_BYTES)
  value.writeUIntBE(record, 0, RECORD_BYTES)
  return value
}
