import { Binary, Long } from 'bson'
import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'
import { endOverdue } from './maintenance.ts'

const HOUR = 3_600_000

const database = startInProcess()
afterAll(() => database.stop())
afterEach(() => jest.restoreAllMocks())

const send = (body: Document): Promise<Document> => database.command({ ...body, $db: String(body.$db ?? 'set') })
const realTime = performance.now.bind(performance)
/** So much time has passed since the start. */
const passTime = (ms: number): void => void jest.spyOn(performance, 'now').mockImplementation(() => realTime() + ms)
beforeAll(() => send({ insert: 'c', documents: [{ _id: 1 }, { _id: 2 }, { _id: 3 }] }))

describe('a clock that is set', () => {
  const lsid = { id: new Binary(Buffer.alloc(16, 3), Binary.SUBTYPE_UUID) }
  const transaction = (txnNumber: number): Document => ({
    lsid,
    txnNumber: Long.fromNumber(txnNumber),
    autocommit: false,
  })
  const setClock = (by: number): void => {
    const { now } = Date
    jest.spyOn(Date, 'now').mockImplementation(() => now() + by)
  }

  it('forward ends neither a cursor nor a transaction nor what is known of a session', async () => {
    const own = transaction(1)
    await send({ insert: 'd', documents: [{ _id: 1 }], ...own, startTransaction: true })
    const { cursor } = await send({ find: 'c', batchSize: 1 })
    setClock(24 * HOUR)
    endOverdue(database.server)
    await database.server.engine.write((context) => database.server.sessions.expire(context))
    const more = await send({ getMore: Long.fromValue((cursor as { id: Long }).id), collection: 'c' })
    expect((more.cursor as { nextBatch: Document[] }).nextBatch).toHaveLength(2)
    expect(await send({ commitTransaction: 1, ...own, $db: 'admin' })).toMatchObject({ ok: 1 })
  })

  it('back keeps no transaction open past its limit, and the times of the cluster go on', async () => {
    const own = transaction(2)
    const before = await send({ insert: 'd', documents: [{ _id: 2 }], ...own, startTransaction: true })
    setClock(-HOUR)
    passTime(61_000)
    endOverdue(database.server)
    expect(await send({ commitTransaction: 1, ...own, $db: 'admin' })).toMatchObject({ ok: 0, code: 251 })
    const after = await send({ insert: 'd', documents: [{ _id: 2 }] })
    expect((after.operationTime as Long).toUnsigned().compare((before.operationTime as Long).toUnsigned())).toBe(1)
  })
})

it('closes also a cursor without a timeout when its session has not been used for its time', async () => {
  const lsid = { id: new Binary(Buffer.alloc(16, 4), Binary.SUBTYPE_UUID) }
  const { cursor } = await send({ find: 'c', batchSize: 1, noCursorTimeout: true, lsid })
  const more = { getMore: Long.fromValue((cursor as { id: Long }).id), collection: 'c', batchSize: 1, lsid }
  passTime(29 * 60_000)
  endOverdue(database.server)
  expect(await send(more)).toMatchObject({ ok: 1 })
  passTime(60 * 60_000)
  endOverdue(database.server)
  expect(await send(more)).toMatchObject({ ok: 0, code: 43 })
})
