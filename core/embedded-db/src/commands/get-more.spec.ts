import { Binary, Int32, Long } from 'bson'
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

describe('maxTimeMS of a write', () => {
  const database = startInProcess()
  const send = (body: Document, $db = 'late') => database.command({ ...body, $db })
  afterAll(() => database.stop())

  it('counts from when the command came', async () => {
    const data = { failCommands: ['insert'], blockConnection: true, blockTimeMS: 60 }
    await send({ configureFailPoint: 'failCommand', mode: { times: 1 }, data }, 'admin')
    expect(await send({ insert: 'c', documents: [{ _id: 1 }], maxTimeMS: 30 })).toMatchObject({ ok: 0, code: 50 })
    expect(await send({ count: 'c' })).toMatchObject({ n: 0 })
  })
})

describe('a cursor whose ground is taken away', () => {
  const database = startInProcess()
  const send = (body: Document) => database.command({ ...body, $db: String(body.$db ?? 'test') })
  afterAll(() => database.stop())
  beforeEach(async () => {
    await send({ dropDatabase: 1 })
    await send({ insert: 'c', documents: Array.from({ length: 20 }, (_, n) => ({ n })) })
    await send({ insert: 'other', documents: [{}] })
    await send({ createIndexes: 'c', indexes: [{ key: { n: 1 }, name: 'n' }] })
  })

  const byIndex = { filter: { n: { $gte: 0 } } }

  it.each<[string, Document, Document]>([
    ['a dropped index', byIndex, { dropIndexes: 'c', index: 'n' }],
    ['a dropped collection', {}, { drop: 'c' }],
    ['a dropped database', {}, { dropDatabase: 1 }],
    ['a renamed collection', {}, { renameCollection: 'test.c', to: 'test.d', $db: 'admin' }],
    ['a collection that $out has replaced', {}, { aggregate: 'other', pipeline: [{ $out: 'c' }], cursor: {} }],
  ])('answers 175 for %s instead of ending early', async (_, find, change) => {
    const { cursor } = (await send({ find: 'c', ...find, batchSize: 1 })) as { cursor: Document }
    await send(change)
    const more = { getMore: cursor.id as unknown, collection: 'c' }
    expect(await send(more)).toMatchObject({ ok: 0, code: 175, codeName: 'QueryPlanKilled' })
    expect(await send(more)).toMatchObject({ ok: 0, code: 43 })
  })

  it('goes on when another index is dropped', async () => {
    const { cursor } = (await send({ find: 'c', batchSize: 1 })) as { cursor: Document }
    await send({ dropIndexes: 'c', index: 'n' })
    const more = await send({ getMore: cursor.id as unknown, collection: 'c' })
    expect((more.cursor as Document).nextBatch).toHaveLength(19)
  })
})

describe('a cursor that is read elsewhere than where it was opened', () => {
  const database = startInProcess()
  afterAll(() => database.stop())
  const send = (body: Document) => database.typed({ ...body, $db: String(body.$db ?? 'test') })
  const session = (byte: number): Document => ({
    lsid: { id: new Binary(Buffer.alloc(16, byte), Binary.SUBTYPE_UUID) },
  })
  const transaction = (byte: number): Document => ({
    ...session(byte),
    txnNumber: Long.fromNumber(1),
    autocommit: false,
    startTransaction: true,
  })
  beforeAll(() => send({ insert: 'c', documents: [{}, {}, {}] }))

  it.each<[string, number, Document, Document]>([
    ['without a session, in one', 50736, {}, session(1)],
    ['in a session, without one', 50737, session(2), {}],
    ['in a session, in another', 50738, session(3), session(4)],
    ['without a transaction, in one', 50739, session(5), transaction(5)],
    ['in a transaction, without one', 50740, transaction(6), session(6)],
  ])('is refused: opened %s', async (_, code, opened, read) => {
    const { cursor } = await send({ find: 'c', batchSize: 1, ...opened })
    expect(await send({ getMore: (cursor as Document).id as unknown, collection: 'c', ...read })).toMatchObject({
      code: new Int32(code),
    })
  })
})
