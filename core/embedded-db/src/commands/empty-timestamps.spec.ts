import { Long, Timestamp } from 'bson'
import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'

describe('an empty timestamp that is stored', () => {
  const database = startInProcess()
  const send = (body: Document): Promise<Document> =>
    database.command({ ...body, $db: 'bulkWrite' in body ? 'admin' : 'test' })
  const empty = new Timestamp({ t: 0, i: 0 })

  beforeAll(() => send({ insert: 'times', documents: [{ _id: 'first' }] }))
  afterAll(() => database.stop())

  async function stored(_id: unknown): Promise<Document> {
    const { cursor } = (await send({ find: 'times', filter: { _id } })) as { cursor: { firstBatch: Document[] } }
    return cursor.firstBatch[0] as Document
  }

  const updates = (_id: string): Document[] => [{ q: { _id }, u: { a: 1, at: empty }, upsert: true }]
  const bulk = (_id: string): Document => ({
    bulkWrite: 1,
    ops: [{ insert: 0, document: { _id, at: empty } }],
    nsInfo: [{ ns: 'test.times' }],
  })

  it.each<[string, (id: string) => Document]>([
    ['an insert', (_id) => ({ insert: 'times', documents: [{ a: 1, at: empty, _id }] })],
    ['a replacement', (_id) => ({ update: 'times', updates: updates(_id) })],
    ['a bulk write', bulk],
  ])('becomes the time of %s, unless that asks to keep it', async (name, command) => {
    await send(command(name))
    expect(((await stored(name)).at as Timestamp).high).toBeGreaterThan(0)
    await send({ ...command(`${name} kept`), bypassEmptyTsReplacement: true })
    expect((await stored(`${name} kept`)).at).toEqual(empty)
  })

  it('stays in an _id, in a document within and beside other zeros', async () => {
    const document = { _id: empty, in: { at: empty }, zero: 0.5 - 0.5, long: Long.ZERO, list: [empty] }
    await send({ insert: 'times', documents: [document] })
    expect(await stored(empty)).toMatchObject({ _id: empty, in: { at: empty }, list: [empty] })
  })
})
