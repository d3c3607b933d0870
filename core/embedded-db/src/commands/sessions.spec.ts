import { Binary, Long } from 'bson'
import type { Document } from 'bson'
import { randomUUID } from 'node:crypto'
import { decode } from '../bson/decode.ts'
import { Table, tableKey } from '../engine/keyspace.ts'
import type { Interrupt } from '../engine/interrupt.ts'
import type { Origin } from '../engine/oplog.ts'
import { startInProcess } from '../testing/in-process.ts'
import type { InProcess } from '../testing/in-process.ts'

describe('a retryable write that is sent again before its answer', () => {
  let database: InProcess
  beforeAll(() => void (database = startInProcess()))
  afterAll(() => database.stop())

  const ids = Array.from({ length: 5 }, (_, _id) => _id)
  const inc = { $inc: { n: 1 } }

  it.each<[string, Document]>([
    [
      'an insert of many',
      { insert: 'c', documents: Array.from({ length: 300 }, (_, i) => ({ _id: `new${i}`, n: 0 })) },
    ],
    ['an update', { update: 'c', updates: [{ q: { _id: 1 }, u: inc }] }],
    ['several updates', { update: 'c', updates: ids.map((_id) => ({ q: { _id }, u: inc })) }],
    ['an upsert', { update: 'c', updates: [{ q: { _id: 'up' }, u: inc, upsert: true }] }],
    ['several deletes', { delete: 'c', deletes: [1, 2].map(() => ({ q: { n: { $gte: 0 } }, limit: 1 })) }],
    ['a findAndModify', { findAndModify: 'c', query: { _id: 1 }, update: inc, new: true }],
    [
      'a bulkWrite',
      {
        bulkWrite: 1,
        $db: 'admin',
        nsInfo: [{ ns: 'again.c' }],
        ops: [
          ...ids.map((_id) => ({ update: 0, filter: { _id }, updateMods: inc })),
          { insert: 0, document: { _id: 'x' } },
        ],
      },
    ],
  ])('is applied once: %s', async (_name, command) => {
    const send = (body: Document) => database.command({ ...body, $db: String(body.$db ?? 'again') })
    await send({ dropDatabase: 1 })
    await send({ insert: 'c', documents: ids.map((_id) => ({ _id, n: 0 })) })
    await send(command)
    const wanted = await contents(send)
    await send({ dropDatabase: 1 })
    await send({ insert: 'c', documents: ids.map((_id) => ({ _id, n: 0 })) })
    const numbered = {
      ...command,
      lsid: { id: new Binary(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), Binary.SUBTYPE_UUID) },
      txnNumber: Long.fromNumber(1),
    }
    const replies = await Promise.all([send(numbered), send(numbered), send(numbered)])
    expect(await contents(send)).toEqual(wanted)
    for (const reply of replies) expect(told(reply)).toEqual(told(replies[0] as Document))
    expect(told(await send(numbered))).toEqual(told(replies[0] as Document))
  })

  it.each<[string, Document]>([
    [
      'update',
      {
        update: 'c',
        updates: [
          { q: {}, u: inc },
          { q: {}, u: inc, multi: true },
        ],
      },
    ],
    [
      'delete',
      {
        delete: 'c',
        deletes: [
          { q: { _id: -1 }, limit: 1 },
          { q: {}, limit: 0 },
        ],
      },
    ],
  ])('is none to many documents, as it would be done twice: %s', async (_name, command) => {
    await database.command({ insert: 'c', documents: [{}], $db: 'many' })
    const lsid = { id: new Binary(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), Binary.SUBTYPE_UUID) }
    const reply = await database.command({ ...command, lsid, txnNumber: Long.fromNumber(1), $db: 'many' })
    expect(reply).toMatchObject({ ok: 1, writeErrors: [{ index: 1, code: 72 }] })
    expect(await database.command({ ...command, lsid, $db: 'many' })).not.toHaveProperty('writeErrors')
  })

  it('is stored once for each statement in however many commits, and is found after a restart', async () => {
    const id = Buffer.from(randomUUID().replaceAll('-', ''), 'hex')
    const lsid = { id: new Binary(id, Binary.SUBTYPE_UUID) }
    const updates = Array.from({ length: 3000 }, (_, _id) => ({ q: { _id }, u: { $inc: { n: 1 } }, upsert: true }))
    const send = (txnNumber: number, list: Document[]) =>
      database.command({ update: 'many', updates: list, lsid, txnNumber: Long.fromNumber(txnNumber), $db: 'again' })
    const stored = () => {
      const start = tableKey(Table.sessions, id)
      const { store } = database.server.engine
      return [...store.range({ start, end: tableKey(Table.sessions, Buffer.concat([id, Buffer.alloc(5, 0xff)])) })]
    }
    const first = await send(1, updates)
    expect(first.upserted).toHaveLength(3000)
    expect(stored().length).toBeGreaterThan(1)
    expect(stored().flatMap(({ value }) => decode(value).replies as Document[])).toHaveLength(3000)
    database.server.sessions.forget(id.toString('hex'))
    expect(told(await send(1, updates))).toEqual(told(first))
    // Of those that were answered the same a commit has one note, and none is left of the number before.
    expect(await send(2, updates.slice(0, 10))).toMatchObject({ n: 10, nModified: 10 })
    for (const { value } of stored()) {
      const { txnNumber, replies } = decode(value)
      expect({ number: Number(txnNumber), notes: (replies as Document[]).length }).toEqual({ number: 2, notes: 1 })
    }
  })

  async function contents(send: (body: Document) => Promise<Document>): Promise<unknown> {
    const reply = await send({ find: 'c', sort: { _id: 1 }, batchSize: 1000 })
    return (reply.cursor as { firstBatch: unknown }).firstBatch
  }

  function told(whole: Document): Document {
    const { $clusterTime: _a, operationTime: _b, retriedStmtId: _c, retriedStmtIds: _d, ...reply } = whole
    return reply
  }
})

describe('a session that is ended while its transaction is at work', () => {
  it.each<[string, Document]>([
    ['a scan', { find: 'c', filter: { n: -1 } }],
    ['an update of many', { update: 'c', updates: [{ q: { n: { $gte: 0 } }, u: { $inc: { n: 1 } }, multi: true }] }],
    ['a group', { aggregate: 'c', pipeline: [{ $group: { _id: '$n', all: { $sum: 1 } } }], cursor: {} }],
  ])('stops %s without a trace', async (_name, command) => {
    const database = startInProcess()
    const lsid = { id: new Binary(Buffer.alloc(16, 5), Binary.SUBTYPE_UUID) }
    const inTransaction = {
      lsid,
      txnNumber: Long.fromNumber(1),
      autocommit: false,
      startTransaction: true,
      $db: 'ended',
    }
    const documents = Array.from({ length: 1000 }, (_, n) => ({ _id: n, n }))
    await database.command({ insert: 'c', documents, $db: 'ended' })
    // Every look at the clock ends the slice, so that the command is surely not done at once.
    let time = performance.now()
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => (time += 20))
    const working = database.command({ ...command, ...inTransaction })
    await new Promise((resolve) => setImmediate(resolve))
    expect(await database.command({ endSessions: [lsid], $db: 'admin' })).toMatchObject({ ok: 1 })
    expect(await working).toMatchObject({ ok: 0, code: 251, errorLabels: ['TransientTransactionError'] })
    clock.mockRestore()
    const free = { update: 'c', updates: [{ q: {}, u: { $set: { free: true } }, multi: true }], $db: 'ended' }
    expect(await database.command(free)).toMatchObject({ ok: 1, nModified: 1000 })
    await database.stop()
  })
})

describe('an end of a transaction that fails', () => {
  const database = startInProcess()
  afterAll(() => database.stop())

  it('leaves nothing when the session is ended while the commit is prepared', async () => {
    const lsid = { id: new Binary(Buffer.alloc(16, 6), Binary.SUBTYPE_UUID) }
    const one = { lsid, txnNumber: Long.fromNumber(1), autocommit: false }
    await database.command({ insert: 'c', documents: [{ _id: 1 }], ...one, startTransaction: true, $db: 'ended' })
    const { sessions } = database.server
    const { name, transaction } = sessions.open(lsid)
    const prepare = transaction?.prepare.bind(transaction)
    Object.assign(transaction as object, {
      prepare: async (origin: Origin, interrupt: Interrupt) => {
        await prepare?.(origin, interrupt)
        sessions.end([name])
      },
    })
    const committed = database.command({ commitTransaction: 1, ...one, $db: 'admin' })
    expect(await committed).toMatchObject({ ok: 0, code: 251 })
    expect(await database.command({ count: 'c', $db: 'ended' })).toMatchObject({ n: 0 })
  })

  it.each([
    [24, ['TransientTransactionError']],
    [112, ['TransientTransactionError']],
    [246, ['TransientTransactionError']],
    [267, ['TransientTransactionError']],
    [91, ['RetryableWriteError']],
    [11601, undefined],
  ])('with %i is labelled by what the driver shall run again', async (errorCode, errorLabels) => {
    const data = { failCommands: ['commitTransaction'], errorCode }
    await database.command({ configureFailPoint: 'failCommand', mode: { times: 1 }, data, $db: 'admin' })
    const lsid = { id: new Binary(Buffer.alloc(16, errorCode), Binary.SUBTYPE_UUID) }
    const inTransaction = { lsid, txnNumber: Long.fromNumber(1), autocommit: false }
    await database.command({ find: 'c', ...inTransaction, startTransaction: true, $db: 'labels' })
    const reply = await database.command({ commitTransaction: 1, ...inTransaction, $db: 'admin' })
    expect(reply).toMatchObject({ ok: 0, code: errorCode })
    expect(reply.errorLabels).toEqual(errorLabels)
  })
})
