import type { DataOperation } from './commands.ts'
import type { Write } from './operations.ts'
import type { Oracle, OracleTransaction } from './oracle.ts'
import { ascending } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import { Refused, updated } from './update.ts'
import { isList, keysAt, order, passesList, reach, same } from './values.ts'
import type { Row, Value } from './values.ts'

const BAD_VALUE = 2

/** Makes an operation on the model. @throws Waits when it has to wait for an open transaction */
export function perform(operation: DataOperation, oracle: Oracle, transaction: OracleTransaction | undefined): Outcome {
  const read = (filter: Row): Row[] => oracle.find(filter, transaction).map(([, row]) => row)
  try {
    switch (operation.kind) {
      case 'insert': {
        const errors = each(operation.rows, operation.ordered, transaction !== undefined, (row) => {
          oracle.insert(row, transaction)
        })
        const done = operation.ordered
          ? (errors[0]?.index ?? operation.rows.length)
          : operation.rows.length - errors.length
        return { n: done, errors }
      }
      case 'update':
      case 'replace':
        return change(operation, oracle, transaction)
      case 'delete': {
        const found = oracle.find(operation.filter, transaction)
        const gone = operation.multi ? found : found.slice(0, 1)
        for (const [serial] of gone) oracle.remove(serial, transaction)
        return { n: gone.length, errors: [] }
      }
      case 'modify':
        return modify(operation, oracle, transaction)
      case 'bulk':
        return bulk(operation, oracle)
      case 'find': {
        const { skip, limit, fields } = operation
        const rows = sorted(read(operation.filter), operation.sort)
        return { rows: rows.slice(skip, limit === 0 ? undefined : skip + limit).map((row) => projected(row, fields)) }
      }
      case 'count':
        return { n: read(operation.filter).length }
      case 'distinct':
        return { values: distinct(read(operation.filter).flatMap((row) => present(row, operation.path))) }
      case 'aggregate':
        return { values: groups(read(operation.filter), operation.path) }
    }
  } catch (error) {
    if (error instanceof Refused) return { code: error.code }
    throw error
  }
}

/** Runs writes one by one; inside a transaction the first error ends all. */
function each<T>(
  writes: readonly T[],
  ordered: boolean,
  transactional: boolean,
  run: (write: T) => void,
): { index: number; code: number }[] {
  const errors: { index: number; code: number }[] = []
  for (const [index, write] of writes.entries()) {
    try {
      run(write)
    } catch (error) {
      if (!(error instanceof Refused) || transactional) throw error
      errors.push({ index, code: error.code })
      if (ordered) break
    }
  }
  return errors
}

type Change = Extract<DataOperation, { kind: 'update' | 'replace' }>

function change(operation: Change, oracle: Oracle, transaction: OracleTransaction | undefined): Outcome {
  const outcome = { n: 0, modified: 0, upserted: [] as Value[], errors: [] as { index: number; code: number }[] }
  const found = oracle.find(operation.filter, transaction)
  const multi = operation.kind === 'update' && operation.multi
  try {
    for (const [serial, row] of multi ? found : found.slice(0, 1)) {
      const after =
        operation.kind === 'update' ? updated(row, operation.update) : { _id: row._id as Value, ...operation.row }
      if (oracle.change(serial, row, after, transaction)) outcome.modified++
      outcome.n++
    }
    if (found.length === 0 && operation.upsert) {
      const { _id } = operation.filter as { _id: Value }
      const row =
        operation.kind === 'update' ? oracle.upserted(operation.filter, operation.update) : { _id, ...operation.row }
      oracle.insert(row, transaction)
      return { ...outcome, n: 1, upserted: [_id] }
    }
    return outcome
  } catch (error) {
    if (!(error instanceof Refused) || transaction) throw error
    return { ...outcome, errors: [{ index: 0, code: error.code }] }
  }
}

type Modify = Extract<DataOperation, { kind: 'modify' }>

function modify(operation: Modify, oracle: Oracle, transaction: OracleTransaction | undefined): Outcome {
  const found = oracle.find(operation.filter, transaction)
  const [first] = sorted(
    found.map(([, row]) => row),
    operation.sort,
  )
  const entry = found.find(([, row]) => row === first)
  if (!entry) return { value: null }
  const [serial, row] = entry
  if (!operation.update) {
    oracle.remove(serial, transaction)
    return { value: row }
  }
  const after = updated(row, operation.update)
  oracle.change(serial, row, after, transaction)
  return { value: operation.after ? after : row }
}

function bulk(operation: Extract<DataOperation, { kind: 'bulk' }>, oracle: Oracle): Outcome {
  let n = 0
  let modified = 0
  const errors = each(operation.writes, operation.ordered, false, (write: Write) => {
    if (write.kind === 'insert') oracle.insert(write.row)
    else {
      const [entry] = oracle.find({ _id: write.id })
      if (!entry && write.kind === 'delete') return
      if (!entry && write.kind === 'update' && !write.upsert) return
      if (!entry) oracle.insert(oracle.upserted({ _id: write.id }, (write as { update: Row }).update))
      else if (write.kind === 'delete') oracle.remove(entry[0])
      else if (oracle.change(entry[0], entry[1], updated(entry[1], write.update))) modified++
    }
    n++
  })
  return { n, modified, errors }
}

/** By the least key of each path upwards, by the greatest downwards. @throws Refused when two paths of a row lead to arrays */
export function sorted(rows: readonly Row[], sort: Row): Row[] {
  const keys = Object.entries(sort)
  if (rows.some((row) => keys.filter(([path]) => passesList(row, path)).length > 1)) throw new Refused(BAD_VALUE)
  const keyOf = (row: Row, path: string, way: number): Value | undefined =>
    keysAt(row, path)
      .toSorted(order)
      .at(way > 0 ? 0 : -1)
  return rows.toSorted((a, b) => {
    for (const [path, way] of keys) {
      const one = Number(way) * order(keyOf(a, path, Number(way)), keyOf(b, path, Number(way)))
      if (one !== 0) return one
    }
    return 0
  })
}

/** Fields of the row's own order, `_id` unless it is left out. */
function projected(row: Row, fields: Row | undefined): Row {
  if (!fields) return row
  const including = Object.entries(fields).some(([name, wanted]) => name !== '_id' && wanted === 1)
  return Object.fromEntries(
    Object.entries(row).filter(([name]) =>
      name === '_id' ? fields._id !== 0 : including ? fields[name] === 1 : fields[name] !== 0,
    ),
  )
}

function present(row: Row, path: string): Value[] {
  return reach(row, path.split('.')).flatMap((value) => (value === undefined ? [] : isList(value) ? value : [value]))
}

function distinct(values: readonly Value[]): Value[] {
  return ascending(values.filter((value, i) => values.findIndex((other) => same(other, value)) === i))
}

function groups(rows: readonly Row[], path: string): Row[] {
  const keys = rows.map((row) => row[path] ?? null)
  return ascending(distinct(keys).map((_id): Row => ({ _id, n: keys.filter((key) => same(key, _id)).length })))
}
