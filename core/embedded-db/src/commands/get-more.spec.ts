import type { Document } from 'bson'
import { setTimeout as delay } from 'node:timers/promises'
import { startInProcess } from '../testing/in-process.ts'
import type { InProcess } from '../testing/in-process.ts'

describe('maxTimeMS of a cursor', () => {
  let database: InProcess
  const send = (body: Document) => database.command({ ...body, $db: 'slow' })
  /** Takes about a millisecond for each document but the first. */
  const slowly = { $expr: { $gte: [{ $sum: { $range: [0, { $multiply: ['$n', 4000] }] } }, 0] }, n: { $lt: 2 } }

  beforeAll(async () => {
    database = startInProcess()
    const documents = Array.from({ length: 20_000 }, (_, _id) => ({ _id, n: _id === 0 ? 0 : 3 }))
    documents[1] = { _id: 1, n: 1 }
    await send({ insert: 'c', documents })
  })
  afterAll(() => database.stop())

  const cursorOf = (reply: Document) => reply.cursor as { id: unknown; firstBatch?: unknown[]; nextBatch?: unknown[] }

  it('holds for all of its batches together', async () => {
    const opened = await send({ find: 'c', filter: slowly, batchSize: 1, maxTimeMS: 400 })
    expect(cursorOf(opened).firstBatch).toHaveLength(1)
    const more = () => send({ getMore: cursorOf(opened).id, collection: 'c', batchSize: 1 })
    expect(cursorOf(await more()).nextBatch).toHaveLength(1)
    expect(await more()).toMatchObject({ ok: 0, code: 50 })
    expect(await more()).toMatchObject({ ok: 0, code: 43 })
  })

  it('does not count what the client waits between them', async () => {
    const opened = await send({ find: 'c', batchSize: 1, maxTimeMS: 500 })
    await delay(600)
    const next = await send({ getMore: cursorOf(opened).id, collection: 'c', batchSize: 1 })
    expect(cursorOf(next).nextBatch).toHaveLength(1)
  })
})
