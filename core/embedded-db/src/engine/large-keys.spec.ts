import { Binary, Long } from 'bson'
import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'
import { turnsDuring } from '../testing/turns.ts'

const LONG = 60_000
const numbers = Array.from({ length: LONG }, (_, i) => i)

describe('a document with very many keys', () => {
  const database = startInProcess()
  const run = (body: Document): Promise<Document> => database.command({ ...body, $db: 'test' })
  const createIndex = (name: string, key: Document, options?: Document): Promise<Document> =>
    run({ createIndexes: name, indexes: [{ key, name: 'index', ...options }] })
  const counted = async (name: string, query: Document): Promise<unknown> =>
    (await run({ count: name, query, hint: 'index' })).n
  afterAll(() => database.stop())

  async function expectValid(name: string): Promise<void> {
    expect(await run({ validate: name })).toMatchObject({ valid: true })
  }

  it('lets others have their turn while it is inserted', async () => {
    await createIndex('inserted', { list: 1 })
    const { turns, result } = await turnsDuring(() => run({ insert: 'inserted', documents: [{ list: numbers }] }))
    expect(result).toMatchObject({ n: 1 })
    expect(turns).toBeGreaterThanOrEqual(6)
    expect(await counted('inserted', { list: LONG - 1 })).toBe(1)
    await expectValid('inserted')
  })

  it('is inserted by a transaction', async () => {
    await createIndex('within', { list: 1, _id: 1 })
    const own = { lsid: { id: new Binary(Buffer.alloc(16, 7), Binary.SUBTYPE_UUID) }, txnNumber: Long.fromNumber(1) }
    const documents = [{ list: numbers }, { _id: 2, list: numbers }]
    await run({ insert: 'within', documents, ...own, autocommit: false, startTransaction: true })
    await database.command({ commitTransaction: 1, ...own, autocommit: false, $db: 'admin' })
    expect(await counted('within', { list: 3 })).toBe(2)
    await expectValid('within')
  })

  it('is refused alone', async () => {
    await createIndex('refused', { a: 1, b: 1 })
    const documents = [{ _id: 1 }, { _id: 2, a: numbers, b: [...numbers] }, { _id: 3, a: numbers }]
    expect(await run({ insert: 'refused', documents, ordered: false })).toMatchObject({
      n: 2,
      writeErrors: [{ index: 1, code: 171 }],
    })
    await expectValid('refused')
  })

  it('is updated where its keys differ', async () => {
    await createIndex('updated', { list: 1 }, { unique: true })
    await run({
      insert: 'updated',
      documents: [
        { _id: 1, list: numbers },
        { _id: 2, list: [-2] },
      ],
    })
    const update = (q: Document, u: Document): Promise<Document> => run({ update: 'updated', updates: [{ q, u }] })
    expect(await update({ _id: 1 }, { $push: { list: -2 } })).toMatchObject({ writeErrors: [{ code: 11000 }] })
    expect(await update({ _id: 1 }, { $push: { list: -1 } })).toMatchObject({ nModified: 1 })
    expect(await update({ _id: 1 }, { $pullAll: { list: [5, 6] } })).toMatchObject({ nModified: 1 })
    expect(await counted('updated', { list: { $in: [-1, 4, 5, 6] } })).toBe(1)
    expect(await update({ _id: 2 }, { $set: { list: [5, 7] } })).toMatchObject({ writeErrors: [{ code: 11000 }] })
    expect(await update({ _id: 2 }, { $set: { list: [5, 6] } })).toMatchObject({ nModified: 1 })
    expect(await update({ _id: 1 }, { $set: { list: 3 } })).toMatchObject({ nModified: 1 })
    expect(await update({ _id: 2 }, { $set: { list: 7 } })).toMatchObject({ nModified: 1 })
    await expectValid('updated')
  })

  it('lets others have their turn while an index is built, and is indexed as they leave it', async () => {
    await run({ insert: 'built', documents: [1, 2, 3, 4].map((_id) => ({ _id, list: numbers })) })
    let other: Promise<Document> | undefined
    const { turns, result } = await turnsDuring(async () => {
      const build = createIndex('built', { list: 1 })
      const collection = database.server.engine.catalogue.collections.get('test.built')
      while ((collection?.indexes[1]?.builtThrough ?? 0) < 1) await new Promise((resolve) => setImmediate(resolve))
      // The keys of the second are being made.
      other = run({ update: 'built', updates: [{ q: { _id: 2 }, u: { $set: { list: [-1] } } }] })
      return build
    })
    expect(await other).toMatchObject({ nModified: 1 })
    expect(result).toMatchObject({ ok: 1 })
    expect(turns).toBeGreaterThanOrEqual(12)
    expect(await counted('built', { list: 0 })).toBe(3)
    expect(await counted('built', { list: -1 })).toBe(1)
    await expectValid('built')
  })
})
