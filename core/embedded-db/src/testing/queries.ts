import { BSONRegExp } from 'bson'
import type { Document } from 'bson'
import fc from 'fast-check'
import { bsonValues } from './arbitraries.ts'

/** Values of which many are equal or near, so that queries find something; any others among them. */
const values = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<unknown>(1, 2, 3, 2.5, 'a', 'A', 'á', 'b', null, true, new Date(5)) },
  { weight: 3, arbitrary: bsonValues },
  { weight: 1, arbitrary: fc.array(fc.constantFrom<unknown>(1, 2, 3, 'a', null), { maxLength: 3 }) },
)
const inner = fc.record({ x: values, y: values }, { requiredKeys: [] })
const nested = fc.oneof(values, inner, fc.array(inner, { maxLength: 2 }))

export const collections = fc.array(fc.record({ a: values, b: nested, c: values }, { requiredKeys: [] }), {
  minLength: 8,
  maxLength: 30,
})

const paths = fc.oneof(
  // Queries and indexes must often speak of the same field.
  { weight: 3, arbitrary: fc.constant('a') },
  { weight: 2, arbitrary: fc.constantFrom('c', 'b.x') },
  { weight: 1, arbitrary: fc.constantFrom('b', 'b.y', 'b.0', '_id') },
)
const patterns = fc
  .uniqueArray(fc.tuple(paths, fc.constantFrom(1, -1)), { minLength: 1, maxLength: 3, selector: ([path]) => path })
  .map((pairs): Document => Object.fromEntries(pairs))
const collations = fc.constantFrom<Document | undefined>(
  ...Array.from({ length: 9 }, () => undefined),
  { locale: 'en', strength: 1 },
  { locale: 'en', strength: 2 },
  { locale: 'en', strength: 3 },
)

export const indexes = fc.array(
  fc
    .record({
      key: patterns,
      options: fc.constantFrom<Document>(
        ...Array.from({ length: 8 }, () => ({})),
        { sparse: true },
        { unique: true },
        { unique: true, sparse: true },
        { hidden: true },
        { partialFilterExpression: { a: { $gt: 1 } } },
        { partialFilterExpression: { c: { $exists: true } } },
        { partialFilterExpression: { $and: [{ a: { $lte: 3 } }, { c: 1 }] } },
      ),
      collation: collations,
    })
    .map(({ key, options, collation }): Document => ({ key, ...options, ...(collation && { collation }) })),
  { minLength: 2, maxLength: 5 },
)

const comparison = fc
  .tuple(fc.constantFrom('$eq', '$gt', '$gte', '$lt', '$lte', '$ne'), values)
  .map(([operator, value]): Document => ({ [operator]: value }))
const list = fc.array(values, { maxLength: 3 })
const simple: fc.Arbitrary<Document> = fc.oneof(
  { weight: 3, arbitrary: comparison },
  fc.tuple(values, values).map(([low, high]): Document => ({ $gte: low, $lt: high })),
  fc.tuple(values, values).map(([low, high]): Document => ({ $gt: low, $lte: high })),
  list.map((all): Document => ({ $in: all })),
  list.map((all): Document => ({ $nin: all })),
  list.map((all): Document => ({ $all: all })),
  fc.constantFrom<Document>(
    { $exists: true },
    { $exists: false },
    { $regex: '^a' },
    { $regex: 'A', $options: 'i' },
    { $type: 'number' },
    { $type: ['string', 'null'] },
    { $size: 2 },
    { $mod: [2, 1] },
    { $in: [new BSONRegExp('^a'), 1] },
  ),
)
const condition: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: values },
  { weight: 6, arbitrary: simple },
  { weight: 1, arbitrary: simple.map((one): Document => ({ $not: one })) },
  { weight: 1, arbitrary: simple.map((one): Document => ({ $elemMatch: one })) },
  { weight: 1, arbitrary: fc.tuple(values, simple).map(([x, y]): Document => ({ $elemMatch: { x, y } })) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(new BSONRegExp('^a'), new BSONRegExp('^ab?', 'i')) },
)
const clause = fc.tuple(paths, condition).map(([path, test]): Document => ({ [path]: test }))
const pair = fc.tuple(clause, clause)
const filters: fc.Arbitrary<Document> = fc.oneof(
  { weight: 5, arbitrary: clause },
  { weight: 3, arbitrary: pair.map(([a, b]): Document => ({ ...a, ...b })) },
  { weight: 2, arbitrary: pair.map(([a, b]): Document => ({ $and: [a, b] })) },
  { weight: 3, arbitrary: pair.map(([a, b]): Document => ({ $or: [a, b] })) },
  {
    weight: 2,
    arbitrary: fc.tuple(pair, clause).map(([[a, b], c]): Document => ({ $or: [a, { $and: [b, c] }], ...c })),
  },
  { weight: 1, arbitrary: pair.map(([a, b]): Document => ({ $nor: [a, b] })) },
  { weight: 1, arbitrary: fc.constant<Document>({}) },
)

export interface RandomQuery {
  filter: Document
  sort: Document | undefined
  skip: number
  limit: number
  projection: Document | undefined
  collation: Document | undefined
}

export const queries: fc.Arbitrary<RandomQuery> = fc.record({
  filter: filters,
  sort: fc.option(patterns, { nil: undefined }),
  skip: fc.constantFrom(0, 0, 1, 3),
  limit: fc.constantFrom(0, 0, 1, 4),
  projection: fc.constantFrom<Document | undefined>(undefined, undefined, { a: 1 }, { b: 0 }, { 'b.x': 1, _id: 0 }),
  collation: collations,
})
