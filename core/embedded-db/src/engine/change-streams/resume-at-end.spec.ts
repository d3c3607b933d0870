import { Timestamp } from 'bson'
import type { Document, Long } from 'bson'
import { startInProcess } from '../../testing/in-process.ts'

interface Reply {
  ok: number
  code: number
  cursor: { id: Long; firstBatch?: Document[]; nextBatch?: Document[]; postBatchResumeToken: Document }
}

/** Streams whose collection goes away, and what is no place to go on from. */
describe('a change stream that ends', () => {
  const server = startInProcess()
  afterAll(() => server.stop())
  beforeEach(() => send({ dropDatabase: 1 }))

  const send = (command: Document): Promise<Reply> => server.command({ ...command, $db: 'shop' }) as Promise<Reply>
  const watch = (spec: Document, rest: Document[] = [], target: unknown = 'orders', cursor: Document = {}) =>
    send({ aggregate: target, pipeline: [{ $changeStream: spec }, ...rest], cursor })
  const more = async ({ cursor }: Reply): Promise<Reply> =>
    send({ getMore: cursor.id, collection: 'orders', maxTimeMS: 20 })
  const types = (reply: Reply): unknown[] =>
    (reply.cursor.firstBatch ?? reply.cursor.nextBatch ?? []).map(({ operationType }) => operationType as unknown)

  async function dropped(): Promise<Document[]> {
    await send({ create: 'orders' })
    const stream = await watch({})
    await send({ insert: 'orders', documents: [{ _id: 1 }] })
    await send({ drop: 'orders' })
    const events = (await more(stream)).cursor.nextBatch ?? []
    expect(events).toHaveLength(3)
    return events.map(({ _id }) => _id as Document)
  }

  it('tells that it has ended to whoever goes on from the event that ended it', async () => {
    const [insert, drop, invalidate] = await dropped()
    await send({ insert: 'orders', documents: [{ _id: 'again' }] })
    for (const spec of [{ resumeAfter: drop }, { startAfter: drop }]) {
      const reply = await watch(spec)
      expect(types(reply)).toEqual(['invalidate'])
      expect(String(reply.cursor.id)).toBe('0')
    }
    expect(types(await watch({ startAfter: invalidate }))).toEqual(['insert'])
    expect(types(await watch({ resumeAfter: insert }))).toEqual(['drop', 'invalidate'])
    expect(await watch({ resumeAfter: invalidate })).toMatchObject({ code: 260 })
  })

  it('has the token of its end also when the pipeline shows nothing of it', async () => {
    const [insert, , invalidate] = await dropped()
    const { cursor } = await watch({ resumeAfter: insert }, [{ $match: { operationType: 'other' } }])
    expect(cursor).toMatchObject({ firstBatch: [], postBatchResumeToken: invalidate })
    expect(String(cursor.id)).toBe('0')
  })

  it('reads nothing for a first batch of none', async () => {
    const [insert] = await dropped()
    const stream = await watch({ resumeAfter: insert }, [{ $project: { _id: 0 } }], 'orders', { batchSize: 0 })
    expect(stream).toMatchObject({ ok: 1, cursor: { firstBatch: [], postBatchResumeToken: insert } })
    expect(await more(stream)).toMatchObject({ ok: 0, code: 280 })
  })

  it('looks an update up in the collection that was changed, not in one that has its name now', async () => {
    await send({ insert: 'orders', documents: [{ _id: 1 }] })
    const { cursor } = await watch({ fullDocument: 'updateLookup' }, [], 1)
    await send({ update: 'orders', updates: [{ q: { _id: 1 }, u: { $set: { a: 1 } } }] })
    await server.command({ renameCollection: 'shop.orders', to: 'shop.old', $db: 'admin' })
    await send({ insert: 'orders', documents: [{ _id: 1, other: true }] })
    const read = await send({ getMore: cursor.id, collection: '$cmd.aggregate', maxTimeMS: 20 })
    expect(read.cursor.nextBatch?.[0]).toMatchObject({ operationType: 'update', fullDocument: { _id: 1, a: 1 } })
  })

  it.each<[Document, number]>([
    [{ resumeAfter: 'text' }, 14],
    [{ resumeAfter: {} }, 40647],
    [{ resumeAfter: { _data: '' } }, 40649],
    [{ startAfter: { _data: 'no hex' } }, 9],
    [{ resumeAfter: { _data: '00' } }, 50795],
    [{ startAtOperationTime: 'now' }, 14],
    [{ fullDocument: 1 }, 14],
    [{ resumeAfter: { _data: '00'.repeat(13) }, startAfter: { _data: '00'.repeat(13) } }, 50865],
    [{ resumeAfter: { _data: '00'.repeat(13) }, startAtOperationTime: new Timestamp({ t: 1, i: 1 }) }, 40674],
  ])('is not opened with %j', async (spec, code) => {
    expect(await watch(spec)).toMatchObject({ ok: 0, code })
  })

  it('is not opened on collections of the server, nor in another pipeline, nor to write', async () => {
    expect(await watch({}, [], 'system.users')).toMatchObject({ code: 73 })
    expect(await watch({}, [{ $out: 'copy' }])).toMatchObject({ code: 20 })
    const inner = [{ $changeStream: {} }]
    const aggregate = (stage: Document) => send({ aggregate: 'orders', pipeline: [stage], cursor: {} })
    expect(await aggregate({ $lookup: { from: 'orders', as: 'a', pipeline: inner } })).toMatchObject({ code: 51047 })
    expect(await aggregate({ $unionWith: { coll: 'orders', pipeline: inner } })).toMatchObject({ code: 31441 })
  })
})
