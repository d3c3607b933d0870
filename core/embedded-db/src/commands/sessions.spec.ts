import { Binary, Long } from 'bson'
import type { Document } from 'bson'
import { randomUUID } from 'node:crypto'
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

  async function contents(send: (body: Document) => Promise<Document>): Promise<unknown> {
    const reply = await send({ find: 'c', sort: { _id: 1 }, batchSize: 1000 })
    return (reply.cursor as { firstBatch: unknown }).firstBatch
  }

  function told({ $clusterTime: _a, operationTime: _b, ...reply }: Document): Document {
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
