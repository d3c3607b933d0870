import type { Document } from 'bson'
import { startInProcess } from './testing/in-process.ts'

/** More than a call takes as arguments, and so many that comparing each with each takes hours. */
const LONG = 200_000
const numbers = Array.from({ length: LONG }, (_, i) => i)

describe('an array that is very long', () => {
  const database = startInProcess()
  const run = (body: Document): Promise<Document> => database.command({ ...body, $db: 'test' })
  beforeAll(async () => {
    await run({ insert: 'long', documents: [{ _id: 1, a: numbers }, { _id: 2, a: 7 }, { _id: 3 }] })
  })
  afterAll(() => database.stop())

  async function found(body: Document): Promise<unknown> {
    const reply = await run(body)
    return (reply.cursor as Document | undefined)?.firstBatch ?? reply
  }

  it('is sorted by its least or its greatest element', async () => {
    const sorted = (direction: number) =>
      found({ find: 'long', sort: { a: direction }, projection: { _id: 1 }, singleBatch: true })
    expect(await sorted(1)).toEqual([{ _id: 3 }, { _id: 1 }, { _id: 2 }])
    expect(await sorted(-1)).toEqual([{ _id: 1 }, { _id: 2 }, { _id: 3 }])
  })

  it('is followed by $graphLookup', async () => {
    await run({ insert: 'graph', documents: [{ key: -1, next: numbers }, { key: 5 }] })
    const $graphLookup = { from: 'graph', startWith: -1, connectFromField: 'next', connectToField: 'key', as: 'found' }
    const pipeline = [{ $match: { key: 5 } }, { $graphLookup }, { $project: { found: '$found.key' } }]
    const [{ found: ids }] = (await found({ aggregate: 'graph', pipeline, cursor: {} })) as [{ found: number[] }]
    expect(ids.toSorted((a, b) => a - b)).toEqual([-1, 5])
  })

  it('is compared with all of $all at once', async () => {
    const all = (values: readonly unknown[]) =>
      found({ find: 'long', filter: { a: { $all: values } }, projection: { _id: 1 } })
    expect(await all(numbers)).toEqual([{ _id: 1 }])
    expect(await all([...numbers, 'none'])).toEqual([])
  })

  it('gives an upsert no single value', async () => {
    const updates = [{ q: { a: { $all: numbers } }, u: { $set: { b: 1 } }, upsert: true }]
    expect(await run({ update: 'none', updates })).toMatchObject({ writeErrors: [{ code: 54 }] })
  })

  it('loses all values of $pullAll', async () => {
    await run({ insert: 'pulled', documents: [{ _id: 1, a: [...numbers, 'kept', null] }] })
    const updates = [{ q: {}, u: { $pullAll: { a: [...numbers.toReversed(), 'none'] } } }]
    expect(await run({ update: 'pulled', updates })).toMatchObject({ nModified: 1 })
    expect(await found({ find: 'pulled' })).toEqual([{ _id: 1, a: ['kept', null] }])
  })
})
