import type { AnyBulkWriteOperation, Document } from 'mongodb'
import fc from 'fast-check'
import { startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'
import { fuzz } from '../testing/fuzz.ts'

jest.setTimeout(60_000)

type Row = Document & { _id: number }

const value = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.constantFrom('a', 'b', null),
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
)
const _id = fc.integer({ min: 0, max: 8 })
const body = fc.record(
  {
    a: value,
    b: fc.record({ c: value }, { requiredKeys: [] }),
    active: fc.boolean(),
    u: fc.integer({ min: 0, max: 30 }),
  },
  { requiredKeys: [] },
)
const operations = fc.oneof(
  fc.tuple(_id, body).map(([id, row]) => ({ insertOne: { document: { _id: id, ...row } } })),
  fc.tuple(_id, body).map(([id, row]) => ({ replaceOne: { filter: { _id: id }, replacement: row, upsert: true } })),
  fc
    .tuple(_id, fc.constantFrom('a', 'b.c', 'u', 'active'), value)
    .map(([id, path, next]) => ({ updateOne: { filter: { _id: id }, update: { $set: { [path]: next } } } })),
  fc
    .tuple(_id, fc.constantFrom('a', 'b', 'b.c', 'u'))
    .map(([id, path]) => ({ updateOne: { filter: { _id: id }, update: { $unset: { [path]: '' } } } })),
  fc
    .tuple(_id, fc.integer({ min: 0, max: 3 }))
    .map(([id, item]) => ({ updateOne: { filter: { _id: id }, update: { $push: { a: item } } } })),
  fc
    .tuple(fc.boolean(), value)
    .map(([active, next]) => ({ updateMany: { filter: { active }, update: { $set: { 'b.c': next } } } })),
  _id.map((id) => ({ deleteOne: { filter: { _id: id } } })),
)

describe('stored documents', () => {
  let database: TestDatabase

  beforeAll(async () => {
    database = await startTestDatabase()
  })
  afterAll(() => database.stop())

  it('agree with every index after any sequence of writes, failed ones included', async () => {
    const db = database.client.db('writes')
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(operations, { minLength: 1, maxLength: 25 }), async (sequence) => {
        const rows = db.collection<Row>(`r${run++}`)
        await rows.createIndexes([
          { key: { a: 1, u: -1 } },
          { key: { 'b.c': 1 }, sparse: true },
          { key: { u: 1 }, unique: true, partialFilterExpression: { active: true } },
          { key: { a: 1 }, name: 'some', partialFilterExpression: { u: { $gt: 10 } } },
        ])
        await rows
          .bulkWrite(sequence as AnyBulkWriteOperation<Row>[], { ordered: false })
          .catch((error: unknown) => expect(error).toHaveProperty('writeErrors'))
        expect(await db.command({ validate: rows.collectionName })).toMatchObject({ valid: true, errors: [] })
      }),
      fuzz(120),
    )
  })
})
