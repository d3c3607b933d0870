import { Int32, Long, UUID } from 'bson'
import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'

describe('the rules of a transaction', () => {
  const server = startInProcess()
  afterAll(() => server.stop())
  let lsid: Document
  let number: number
  beforeEach(async () => {
    lsid = { id: new UUID() }
    number = 1
    await server.command({ insert: 'rows', documents: [{}, {}, {}], $db: 'shop' })
  })

  const raw = (command: Document): Promise<Document> =>
    server.command({
      ...command,
      $db: (command.$db as string | undefined) ?? 'shop',
      lsid,
      txnNumber: Long.fromNumber(number),
    })
  const go = (command: Document): Promise<Document> => raw({ ...command, autocommit: false })
  const begin = (command: Document): Promise<Document> => go({ ...command, startTransaction: true })
  const end = (name: string, more: Document = {}): Promise<Document> => go({ [name]: 1, $db: 'admin', ...more })
  const read = { find: 'rows' }
  const write = { insert: 'rows', documents: [{}] }

  it.each<[string, Document, RegExp]>([
    ['a start that does not say that it is one', { startTransaction: true }, /'startTransaction' field requires/],
    ['a start that is none', { startTransaction: false, autocommit: false }, /startTransaction=false/],
    ['autocommit', { startTransaction: true, autocommit: true }, /autocommit=true/],
  ])('take no %s', async (_, fields, message) => {
    expect(await raw({ ...read, ...fields })).toMatchObject({
      code: 72,
      errmsg: expect.stringMatching(message) as string,
    })
  })

  it('take a number that is a long only', async () => {
    const sent = { ...write, $db: 'shop', lsid, txnNumber: new Int32(3) }
    expect(await server.command(sent)).toMatchObject({ code: 14 })
  })

  it('do not let a number be used a second time, and leave the transaction that has it', async () => {
    await begin(write)
    expect(await raw(write)).toMatchObject({ code: 217, codeName: 'IncompleteTransactionHistory' })
    expect(await begin(write)).toMatchObject({ code: 117, codeName: 'ConflictingOperationInProgress' })
    expect(await end('commitTransaction', { startTransaction: true })).toMatchObject({ code: 263 })
    expect(await end('commitTransaction')).toMatchObject({ ok: 1 })
    expect(await begin(write)).toMatchObject({ code: 117 })
  })

  it.each<[Document, number]>([
    [{ find: 'system.views' }, 51071],
    [{ find: 'system.profile' }, 263],
    [{ insert: 'system.profile', documents: [{}] }, 263],
    [{ create: 'system.js' }, 263],
    [{ createIndexes: 'system.js', indexes: [{ key: { a: 1 }, name: 'a' }] }, 263],
    [{ insert: 'system.js', documents: [{}] }, 50791],
    [{ delete: 'system.js', deletes: [{ q: {}, limit: 0 }] }, 50791],
    [{ findAndModify: 'system.js', query: {}, remove: true }, 50791],
    [{ bulkWrite: 1, $db: 'admin', ops: [{ insert: 0, document: {} }], nsInfo: [{ ns: 'shop.system.js' }] }, 50791],
    [{ find: 'rows', readOnce: true }, 263],
  ])('do not take %j', async (command, code) => {
    expect(await begin(command)).toMatchObject({ ok: 0, code })
    expect(await end('abortTransaction')).toMatchObject({ code: 251 })
  })

  it('hold all of it to the API version of its first command, and do not end by another', async () => {
    await begin({ ...write, apiVersion: '1' })
    for (const other of [{}, { apiVersion: '1', apiStrict: false }])
      expect(await go({ ...write, ...other })).toMatchObject({ code: 369, codeName: 'APIMismatchError' })
    expect(await end('commitTransaction')).toMatchObject({ code: 369 })
    expect(await end('commitTransaction', { apiVersion: '1' })).toMatchObject({ ok: 1 })
    number++
    expect(await begin(write)).toMatchObject({ ok: 1 })
  })

  it.each(['commitTransaction', 'abortTransaction'])('close its cursors at %s', async (name) => {
    const { cursor } = (await begin({ ...read, batchSize: 1 })) as { cursor: { id: Long } }
    await end(name)
    expect(await server.command({ getMore: cursor.id, collection: 'rows', $db: 'shop', lsid })).toMatchObject({
      code: 43,
    })
    expect(server.server.cursors.size).toBe(0)
  })

  it('read views as everything else of the snapshot, also by aggregation', async () => {
    await server.command({ create: 'seen', viewOn: 'rows', pipeline: [], $db: 'shop' })
    const { cursor } = (await begin({ find: 'seen' })) as { cursor: { firstBatch: Document[] } }
    await server.command({ ...write, $db: 'shop' })
    expect(await go({ aggregate: 'seen', pipeline: [{ $count: 'n' }], cursor: {} })).toMatchObject({
      ok: 1,
      cursor: { firstBatch: [{ n: cursor.firstBatch.length }] },
    })
    await end('abortTransaction')
    await server.command({ drop: 'seen', $db: 'shop' })
  })

  it('take the number of a statement with each of its commands, and one way of numbering', async () => {
    expect(await begin({ ...read, stmtId: 0 })).toMatchObject({ ok: 1 })
    expect(await end('commitTransaction', { stmtId: 1 })).toMatchObject({ ok: 1 })
    number++
    expect(await raw({ ...write, stmtId: 0, stmtIds: [0] })).toMatchObject({ code: 72 })
    await raw({ insert: 'rows', documents: [{ _id: 'a' }, { _id: 'b' }], stmtIds: [4, 5] })
    const again = await raw({ insert: 'rows', documents: [{ _id: 'b' }, { _id: 'c' }], stmtIds: [5, 6] })
    expect(again).toMatchObject({ ok: 1, n: 2, retriedStmtIds: [5] })
    const change = { findAndModify: 'rows', query: { _id: 'a' }, update: { $inc: { n: 1 } }, new: true, stmtId: 7 }
    await raw(change)
    expect(await raw(change)).toMatchObject({ value: { n: 1 }, retriedStmtId: 7 })
  })
})
