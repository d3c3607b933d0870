import { Int32 } from 'bson'
import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'
import { turnsDuring } from '../testing/turns.ts'

const ROWS = 3000
const LONG = 30_000

describe('a long list of $in', () => {
  const database = startInProcess()
  const run = (body: Document): Promise<Document> => database.command({ ...body, $db: 'test' })
  beforeAll(async () => {
    const documents = Array.from({ length: ROWS }, (_, i) => ({
      _id: i,
      n: i * 10,
      text: `text ${i}`,
      group: i % 2,
      ...(i % 3 === 0 && { third: i }),
    }))
    await run({ insert: 'rows', documents })
    const indexes = [
      { key: { text: 1 }, name: 'text' },
      { key: { group: 1, n: -1 }, name: 'down' },
      { key: { third: 1 }, name: 'third' },
    ]
    await run({ createIndexes: 'rows', indexes })
  })
  afterAll(() => database.stop())

  async function ids(find: Document): Promise<unknown[]> {
    const reply = await run({ find: 'rows', projection: { _id: 1 }, batchSize: ROWS, ...find })
    expect(reply).toMatchObject({ ok: 1 })
    return ((reply.cursor as Document).firstBatch as Document[]).map(({ _id }) => _id as unknown)
  }
  const all = Array.from({ length: ROWS }, (_, i) => i)
  const numbers = Array.from({ length: LONG }, (_, i) => LONG - 1 - i)

  it.each<[string, Document]>([
    ['of the unique _id, most of which there are not', { filter: { _id: { $in: numbers } }, sort: { _id: 1 } }],
    ['against the order of an index', { filter: { _id: { $in: numbers } }, sort: { _id: -1 } }],
    ['of a descending field behind another', { filter: { group: { $in: [0, 1] }, n: { $in: numbers } } }],
    ['without an index', { filter: { n: { $in: numbers } } }],
    ['of texts', { filter: { text: { $in: numbers.map((i) => `text ${i}`) } } }],
    ['with a pattern', { filter: { text: { $in: [...numbers, /^text/] } } }],
    ['inside $and', { filter: { $and: [{ _id: { $in: numbers } }, { n: { $nin: numbers.map((i) => -1 - i) } }] } }],
  ])('finds the same as a short one: %s', async (_, find) => {
    const result = await ids(find)
    const sort = find.sort as Document | undefined
    if (sort) expect(result).toEqual(sort._id === 1 ? all : all.toReversed())
    else expect((result as number[]).toSorted((a, b) => a - b)).toEqual(all)
  })

  it('lets others have their turn before anything is read', async () => {
    const values = Array.from({ length: 4 * LONG }, (_, i) => i)
    const { turns, result } = await turnsDuring(() => run({ find: 'none', filter: { a: { $in: values } } }))
    expect(result).toMatchObject({ ok: 1 })
    expect(turns).toBeGreaterThanOrEqual(6)
  })

  it('lets others have their turn while nothing is found', async () => {
    const missing = numbers.map((i) => i + ROWS)
    const { turns, result } = await turnsDuring(() => ids({ filter: { _id: { $in: missing } } }))
    expect(result).toEqual([])
    expect(turns).toBeGreaterThanOrEqual(100)
  })

  it('finds what is missing where null is among the values', async () => {
    const found = await ids({ filter: { third: { $in: [...numbers, null] } }, sort: { _id: 1 } })
    expect(found).toEqual(all)
    expect(await ids({ filter: { third: { $nin: [...numbers, null] } } })).toEqual([])
  })

  it('is counted by an index and holds for updates and removals', async () => {
    const missing = numbers.map((i) => i + ROWS / 2)
    expect(await run({ count: 'rows', query: { _id: { $in: missing } } })).toMatchObject({ n: ROWS / 2 })
    const updates = [{ q: { _id: { $in: missing } }, u: { $set: { here: true } }, multi: true }]
    expect(await run({ update: 'rows', updates })).toMatchObject({ nModified: ROWS / 2 })
    expect(await run({ count: 'rows', query: { here: true } })).toMatchObject({ n: ROWS / 2 })
    const deletes = [{ q: { _id: { $in: [...missing, new Int32(-1)] } }, limit: 0 }]
    expect(await run({ delete: 'rows', deletes })).toMatchObject({ n: ROWS / 2 })
  })

  it('is refused for what a list may not have', async () => {
    const filter = { n: { $in: [...numbers, { $gt: 1 }] } }
    expect(await run({ find: 'rows', filter })).toMatchObject({ ok: 0, code: 2 })
  })
})
