import { Double, Int32, Long } from 'bson'
import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'

describe('a reply', () => {
  const database = startInProcess()
  const send = (body: Document): Promise<Document> => database.command({ ...body, $db: body.$db ?? 'replies' })
  const typed = (body: Document): Promise<Document> => database.typed({ ...body, $db: body.$db ?? 'replies' })
  const fail = (name: string, mode: unknown): Promise<Document> =>
    send({ configureFailPoint: name, mode, $db: 'admin' })
  afterAll(() => database.stop())

  it('says ok in a double, of a command and of each write of many', async () => {
    expect((await typed({ ping: 1 })).ok).toEqual(new Double(1))
    expect((await typed({ pong: 1 })).ok).toEqual(new Double(0))
    const ops = [1, 1].map((_id) => ({ insert: 0, document: { _id } }))
    const { cursor } = await typed({ bulkWrite: 1, ops, nsInfo: [{ ns: 'replies.rows' }], $db: 'admin' })
    expect(((cursor as Document).firstBatch as Document[]).map(({ ok }) => ok as unknown)).toEqual([
      new Double(1),
      new Double(0),
    ])
  })

  it('names a write concern mode that is not defined after the write', async () => {
    const writeConcern = { w: 'MultipleDC' }
    expect(await send({ insert: 'modes', documents: [{ _id: 1 }], writeConcern })).toMatchObject({
      ok: 1,
      n: 1,
      writeConcernError: { code: 79, codeName: 'UnknownReplWriteConcern', errInfo: { writeConcern } },
    })
    expect(await send({ count: 'modes' })).toMatchObject({ n: 1 })
  })

  it('makes a capped collection of any truth and gives its limits in ints, whatever they came in', async () => {
    await send({ create: 'capped', capped: 1, size: Long.fromNumber(4096), max: new Double(10) })
    const { cursor } = await typed({ listCollections: 1, filter: { name: 'capped' } })
    expect(((cursor as Document).firstBatch as Document[])[0]?.options).toEqual({
      capped: true,
      size: new Int32(4096),
      max: new Int32(10),
    })
  })

  it('runs out of time by maxTimeAlwaysTimeOut, in a later batch too', async () => {
    await send({ insert: 'times', documents: [{}, {}, {}] })
    const { cursor } = await send({ find: 'times', batchSize: 1, maxTimeMS: 60_000 })
    await fail('maxTimeAlwaysTimeOut', 'alwaysOn')
    const getMore = { getMore: (cursor as Document).id as unknown, collection: 'times' }
    expect(await send({ ...getMore, getMore: Long.fromValue(getMore.getMore as number) })).toMatchObject({ code: 50 })
    expect(await send({ find: 'times', maxTimeMS: 60_000 })).toMatchObject({ ok: 0, code: 50 })
    expect(await send({ find: 'times' })).toMatchObject({ ok: 1 })
    await fail('maxTimeAlwaysTimeOut', 'off')
  })
})
