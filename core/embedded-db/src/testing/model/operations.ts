import fc from 'fast-check'
import type { IndexOptions } from './oracle-index.ts'
import type { Row, Value } from './values.ts'

/** One step of a sequence. Data steps may belong to one of two sessions with a transaction. */
export type Operation =
  | { kind: 'insert'; rows: Row[]; ordered: boolean; session: Session }
  | { kind: 'update'; filter: Row; update: Row; multi: boolean; upsert: boolean; session: Session }
  | { kind: 'replace'; filter: Row; row: Row; upsert: boolean; session: Session }
  | { kind: 'delete'; filter: Row; multi: boolean; session: Session }
  | { kind: 'modify'; filter: Row; sort: Row; update: Row | undefined; after: boolean; session: Session }
  | { kind: 'bulk'; writes: Write[]; ordered: boolean }
  | { kind: 'find'; filter: Row; sort: Row; skip: number; limit: number; fields: Row | undefined; session: Session }
  | { kind: 'count'; filter: Row }
  | { kind: 'distinct'; filter: Row; path: string }
  | { kind: 'aggregate'; filter: Row; path: string; session: Session }
  | { kind: 'openCursor'; filter: Row; batchSize: number }
  | { kind: 'readCursor'; batchSize: number }
  | { kind: 'createIndex'; name: string; pattern: Row; options: IndexOptions }
  | { kind: 'dropIndex'; name: string }
  | { kind: 'rename' }
  | { kind: 'drop' }
  | { kind: 'end'; session: 0 | 1; commit: boolean }

export type Session = 0 | 1 | undefined
/** A part of a bulk write, each on the row of one `_id`. */
export type Write =
  | { kind: 'insert'; row: Row }
  | { kind: 'update'; id: number; update: Row; upsert: boolean }
  | { kind: 'delete'; id: number }

const ids = fc.integer({ min: 0, max: 7 })
const numbers = fc.constantFrom(-1, 0, 1, 2, 2.5)
const scalars: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: numbers },
  { weight: 3, arbitrary: fc.constantFrom('', 'a', 'ab', 'A', 'b\u0000c') },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false, new Date(0), new Date(1000)) },
)
const lists = fc.array(scalars, { maxLength: 3 })
const inner = fc.record({ x: scalars, y: numbers }, { requiredKeys: [] })
const values: fc.Arbitrary<Value> = fc.oneof({ weight: 4, arbitrary: scalars }, { weight: 1, arbitrary: lists })
const deep: fc.Arbitrary<Value> = fc.oneof(
  { weight: 1, arbitrary: scalars },
  { weight: 2, arbitrary: inner },
  { weight: 2, arbitrary: fc.array(inner, { maxLength: 2 }) },
)
const fields = fc.record({ a: values, b: deep, c: values }, { requiredKeys: [] })
const rows = fc.tuple(ids, fields).map(([_id, rest]): Row => ({ _id, ...rest }))

const comparisons = fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte')
const compare = fc.tuple(comparisons, scalars).map(([operator, value]): Row => ({ [operator]: value }))
const conditions: fc.Arbitrary<Value> = fc.oneof(
  { weight: 3, arbitrary: scalars },
  { weight: 3, arbitrary: compare },
  { weight: 1, arbitrary: lists },
  { weight: 1, arbitrary: fc.tuple(numbers, numbers).map(([low, high]): Row => ({ $gte: low, $lt: high })) },
  { weight: 1, arbitrary: fc.array(scalars, { maxLength: 3 }).map((list): Row => ({ $in: list })) },
  { weight: 1, arbitrary: fc.array(scalars, { maxLength: 2 }).map((list): Row => ({ $nin: list })) },
  { weight: 1, arbitrary: fc.array(scalars, { maxLength: 2 }).map((list): Row => ({ $all: list })) },
  { weight: 1, arbitrary: compare.map((one): Row => ({ $not: one })) },
  { weight: 1, arbitrary: fc.boolean().map((there): Row => ({ $exists: there })) },
  { weight: 1, arbitrary: fc.nat(2).map((size): Row => ({ $size: size })) },
  { weight: 1, arbitrary: fc.constantFrom('^a', 'b', '^$').map((pattern): Row => ({ $regex: pattern })) },
  { weight: 1, arbitrary: compare.map((one): Row => ({ $elemMatch: one })) },
  { weight: 1, arbitrary: scalars.map((x): Row => ({ $elemMatch: { x } })) },
)
const paths = fc.constantFrom('_id', 'a', 'b', 'c', 'b.x', 'b.y')
const clause = fc.tuple(paths, conditions).map(([path, condition]): Row => ({ [path]: condition }))
const filters: fc.Arbitrary<Row> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Row>({}) },
  { weight: 4, arbitrary: ids.map((_id): Row => ({ _id })) },
  { weight: 6, arbitrary: clause },
  { weight: 3, arbitrary: fc.tuple(clause, clause).map(([a, b]): Row => ({ ...a, ...b })) },
  { weight: 2, arbitrary: fc.tuple(clause, clause).map(([a, b]): Row => ({ $or: [a, b] })) },
  { weight: 1, arbitrary: fc.tuple(clause, clause).map(([a, b]): Row => ({ $and: [a, b] })) },
  { weight: 1, arbitrary: fc.tuple(clause, clause).map(([a, b]): Row => ({ $nor: [a, b] })) },
)
const oneRow = fc.oneof(
  ids.map((_id): Row => ({ _id })),
  fc.tuple(ids, scalars).map(([_id, a]): Row => ({ _id, a })),
)

const whole = fc.constantFrom(-1, 1, 3)
const step = (operator: string, path: fc.Arbitrary<string>, operand: fc.Arbitrary<Value>): fc.Arbitrary<Row> =>
  fc.tuple(path, operand).map(([name, value]): Row => ({ [operator]: { [name]: value } }))
const anywhere = fc.constantFrom('a', 'b', 'c', 'b.x', 'b.y', 'e')
const atTop = fc.constantFrom('a', 'c')
const updates: fc.Arbitrary<Row> = fc.oneof(
  { weight: 4, arbitrary: step('$set', anywhere, values) },
  { weight: 3, arbitrary: step('$inc', anywhere, whole) },
  step('$mul', anywhere, whole),
  step('$unset', anywhere, fc.constant('')),
  step('$min', anywhere, scalars),
  step('$max', anywhere, scalars),
  step('$push', atTop, scalars),
  step('$addToSet', atTop, scalars),
  step('$pull', atTop, fc.oneof(scalars, compare)),
  step('$pop', atTop, fc.constantFrom(1, -1)),
  fc.constant<Row>({ $rename: { a: 'd' } }),
  fc.tuple(values, whole, scalars).map(([a, y, c]): Row => ({ $set: { a }, $inc: { 'b.y': y }, $setOnInsert: { c } })),
)

const patterns = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'b.x', '_id'), fc.constantFrom(1, -1)), {
    minLength: 1,
    maxLength: 2,
    // Two paths through one array give keys item by item, which the model does not know.
    selector: ([path]) => path.split('.')[0],
  })
  .map((pairs): Row => Object.fromEntries(pairs))
const indexOptions = fc.constantFrom<IndexOptions>(
  {},
  {},
  { unique: true },
  { sparse: true },
  { unique: true, sparse: true },
  { partialFilterExpression: { a: { $gt: 0 } } },
  { unique: true, partialFilterExpression: { c: { $exists: true } } },
)
const indexNames = fc.constantFrom('i0', 'i1', 'i2')
const sorts = fc
  .tuple(fc.option(patterns, { nil: {} }), fc.constantFrom(1, -1))
  .map(([first, way]): Row => ({ ...first, _id: way }))
const projections = fc.option(fc.constantFrom<Row>({ a: 1 }, { b: 0, c: 0 }, { _id: 0, c: 1, a: 1 }), {
  nil: undefined,
})
const session: fc.Arbitrary<Session> = fc.constantFrom(undefined, undefined, undefined, 0, 1)
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), row: rows }),
  fc.record({ kind: fc.constant('update' as const), id: ids, update: updates, upsert: fc.boolean() }),
  fc.record({ kind: fc.constant('delete' as const), id: ids }),
)

const op = <K extends string, T extends object>(kind: K, shape: { [F in keyof T]: fc.Arbitrary<T[F]> }) =>
  fc.record({ kind: fc.constant(kind), ...shape }) as fc.Arbitrary<{ kind: K } & T>

export const operations: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 10,
    arbitrary: op('insert', { rows: fc.array(rows, { minLength: 1, maxLength: 4 }), ordered: fc.boolean(), session }),
  },
  {
    weight: 8,
    arbitrary: op('update', {
      filter: filters,
      update: updates,
      multi: fc.boolean(),
      upsert: fc.constant(false),
      session,
    }),
  },
  {
    weight: 4,
    arbitrary: op('update', {
      filter: oneRow,
      update: updates,
      multi: fc.boolean(),
      upsert: fc.constant(true),
      session,
    }),
  },
  { weight: 3, arbitrary: op('replace', { filter: oneRow, row: fields, upsert: fc.boolean(), session }) },
  { weight: 3, arbitrary: op('delete', { filter: filters, multi: fc.boolean(), session }) },
  {
    weight: 4,
    arbitrary: op('modify', {
      filter: filters,
      sort: sorts,
      update: fc.option(updates, { nil: undefined }),
      after: fc.boolean(),
      session,
    }),
  },
  {
    weight: 2,
    arbitrary: op('bulk', { writes: fc.array(write, { minLength: 1, maxLength: 4 }), ordered: fc.boolean() }),
  },
  {
    weight: 10,
    arbitrary: op('find', {
      filter: filters,
      sort: sorts,
      skip: fc.nat(2),
      limit: fc.nat(4),
      fields: projections,
      session,
    }),
  },
  { weight: 2, arbitrary: op('count', { filter: filters }) },
  { weight: 2, arbitrary: op('distinct', { filter: filters, path: paths }) },
  { weight: 3, arbitrary: op('aggregate', { filter: filters, path: fc.constantFrom('a', 'c', '_id'), session }) },
  { weight: 1, arbitrary: op('openCursor', { filter: filters, batchSize: fc.nat(2) }) },
  { weight: 2, arbitrary: op('readCursor', { batchSize: fc.integer({ min: 1, max: 2 }) }) },
  { weight: 5, arbitrary: op('createIndex', { name: indexNames, pattern: patterns, options: indexOptions }) },
  { weight: 1, arbitrary: op('dropIndex', { name: indexNames }) },
  { weight: 1, arbitrary: op('rename', {}) },
  { weight: 1, arbitrary: op('drop', {}) },
  { weight: 6, arbitrary: op('end', { session: fc.constantFrom(0 as const, 1 as const), commit: fc.boolean() }) },
) as fc.Arbitrary<Operation>
