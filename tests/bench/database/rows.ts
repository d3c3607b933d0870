import type { RowName } from './work.ts'

export interface Row {
  name: string
  unit: string
  row: RowName
  clients: 1 | 32
  /** Seconds for each, in place of operations per second. */
  slow?: boolean
}

export const ROWS: readonly Row[] = [
  { name: 'insertMany', unit: 'documents/s', row: 'insertMany', clients: 1 },
  { name: 'insertOne, 1 client', unit: 'op/s', row: 'insertOne', clients: 1 },
  { name: 'insertOne, 32 clients', unit: 'op/s', row: 'insertOne', clients: 32 },
  { name: 'audit', unit: 'op/s', row: 'audit', clients: 32 },
  { name: 'findById, 1 client', unit: 'op/s', row: 'findById', clients: 1 },
  { name: 'findById, 32 clients', unit: 'op/s', row: 'findById', clients: 32 },
  { name: 'findByPhone', unit: 'op/s', row: 'findByPhone', clients: 1 },
  { name: 'findSorted', unit: 'op/s', row: 'findSorted', clients: 1 },
  { name: 'updateById, 1 client', unit: 'op/s', row: 'updateById', clients: 1 },
  { name: 'updateById, 32 clients', unit: 'op/s', row: 'updateById', clients: 32 },
  { name: 'bulkWrite', unit: 'op/s', row: 'bulkWrite', clients: 1 },
  { name: 'transaction', unit: 'op/s', row: 'transaction', clients: 1 },
  { name: 'group', unit: 's', row: 'group', clients: 1, slow: true },
  { name: 'scan', unit: 's', row: 'scan', clients: 1, slow: true },
  { name: 'sort', unit: 's', row: 'sort', clients: 1, slow: true },
  { name: 'toArray', unit: 's', row: 'toArray', clients: 1, slow: true },
  { name: 'countAll', unit: 's', row: 'countAll', clients: 1, slow: true },
  { name: 'countSome', unit: 's', row: 'countSome', clients: 1, slow: true },
]
