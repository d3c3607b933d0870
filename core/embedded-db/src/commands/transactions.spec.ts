import { Long, UUID } from 'bson'
import type { ClientSession, Collection, Document } from 'mongodb'
import { startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'
import { startInProcess } from '../testing/in-process.ts'

jest.setTimeout(60_000)

describe('transactions over the wire', () => {
  let database: TestDatabase
  let accounts: Collection<Document>

  beforeAll(async () => {
    database = await startTestDatabase()
  })
  afterAll(() => database.stop())
  beforeEach(async () => {
    await database.client.db('bank').dropDatabase()
    accounts = database.client.db('bank').collection('accounts')
    await accounts.insertMany([
      { _id: 'a' as never, sum: 100 },
      { _id: 'b' as never, sum: 100 },
    ])
    await accounts.createIndex({ number: 1 }, { unique: true, sparse: true })
  })

  async function begin(): Promise<ClientSession> {
    const session = database.client.startSession()
    session.startTransaction()
    return session
  }

  const id = (value: string): Document => ({ _id: value })

  it('shows its own writes to itself only, and all of them to others on commit', async () => {
    const session = await begin()
    await accounts.updateOne(id('a'), { $inc: { sum: -30 } }, { session })
    await accounts.insertOne({ _id: 'c' as never, sum: 30, number: 7 }, { session })
    expect((await accounts.find({}, { session }).sort({ sum: 1 }).toArray()).map((row) => row.sum as number)).toEqual([
      30, 70, 100,
    ])
    expect(await accounts.findOne({ number: 7 }, { session })).toMatchObject({ sum: 30 })
    expect((await accounts.find({}).toArray()).map((row) => row.sum as number)).toEqual([100, 100])
    await session.commitTransaction()
    expect((await accounts.find({}).sort({ sum: 1 }).toArray()).map((row) => row.sum as number)).toEqual([30, 70, 100])
    expect(await accounts.countDocuments({})).toBe(3)
    await session.endSession()
  })

  it('reads the state of its start while others commit', async () => {
    const session = await begin()
    expect(await accounts.countDocuments({}, { session })).toBe(2)
    await accounts.updateOne(id('a'), { $set: { sum: 1 } })
    await accounts.deleteOne(id('b'))
    expect((await accounts.find({}, { session }).toArray()).map((row) => row.sum as number)).toEqual([100, 100])
    await session.abortTransaction()
    await session.endSession()
  })

  it('lets the first writer win and tells the second to run again', async () => {
    const first = await begin()
    const second = await begin()
    await accounts.updateOne(id('a'), { $inc: { sum: 1 } }, { session: first })
    const error = await accounts
      .updateOne(id('a'), { $inc: { sum: 1 } }, { session: second })
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      code: 112,
      errorLabels: expect.arrayContaining(['TransientTransactionError']) as unknown,
    })
    await first.commitTransaction()
    await first.endSession()
    await second.endSession()
    expect((await accounts.findOne(id('a')))?.sum).toBe(101)
  })

  it('refuses to change what was committed after its start', async () => {
    const session = await begin()
    await accounts.findOne(id('a'), { session })
    await accounts.updateOne(id('a'), { $inc: { sum: 5 } })
    await expect(accounts.updateOne(id('a'), { $inc: { sum: 1 } }, { session })).rejects.toMatchObject({ code: 112 })
    await session.endSession()
    expect((await accounts.findOne(id('a')))?.sum).toBe(105)
  })

  it('makes a writer outside wait for the transaction that holds the document', async () => {
    const session = await begin()
    await accounts.updateOne(id('a'), { $set: { sum: 0 } }, { session })
    let done = false
    const outside = accounts.updateOne(id('a'), { $inc: { sum: 7 } }).then(() => (done = true))
    await accounts.updateOne(id('b'), { $inc: { sum: 1 } })
    expect(done).toBe(false)
    await session.commitTransaction()
    await outside
    expect((await accounts.findOne(id('a')))?.sum).toBe(7)
    await session.endSession()
  })

  it('guards unique keys between transactions and undoes everything on abort', async () => {
    const session = await begin()
    await accounts.insertOne({ number: 1 }, { session })
    const rival = await begin()
    await expect(accounts.insertOne({ number: 1 }, { session: rival })).rejects.toMatchObject({ code: 112 })
    await database.client.db('bank').collection('fresh').insertOne({ x: 1 }, { session })
    await session.abortTransaction()
    expect(
      (await database.client.db('bank').listCollections({}, { nameOnly: true }).toArray()).map((row) => row.name),
    ).toEqual(['accounts'])
    await accounts.insertOne({ number: 1 })
    await session.endSession()
    await rival.endSession()
  })

  it('ends with the statement that cannot be part of it', async () => {
    const session = await begin()
    await accounts.updateOne(id('a'), { $inc: { sum: 1 } }, { session })
    await expect(accounts.createIndex({ sum: 1 }, { session })).rejects.toMatchObject({ code: 263 })
    await expect(session.commitTransaction()).rejects.toMatchObject({ code: 251 })
    await session.endSession()
  })

  it.each(['local', 'config'])('leaves the database %s alone', async (name) => {
    const session = await begin()
    const rows = database.client.db(name).collection('rows')
    await expect(rows.insertOne({}, { session })).rejects.toMatchObject({ code: 263 })
    await session.endSession()
  })

  it('moves money under contention without making or losing any', async () => {
    const names = ['a', 'b']
    await Promise.all(
      Array.from({ length: 8 }, (_, worker) =>
        database.client.withSession(async (session) => {
          for (let i = 0; i < 10; i++) {
            await session.withTransaction(async () => {
              const from = names[(worker + i) % 2] as string
              const to = names[(worker + i + 1) % 2] as string
              await accounts.updateOne(id(from), { $inc: { sum: -1 } }, { session })
              await accounts.updateOne(id(to), { $inc: { sum: 1 } }, { session })
              await database.client.db('bank').collection('moves').insertOne({ from, to }, { session })
            })
          }
        }),
      ),
    )
    const sums = (await accounts.find({}).toArray()).map((row) => row.sum as number)
    expect(sums.reduce((total, sum) => total + sum, 0)).toBe(200)
    expect(await database.client.db('bank').collection('moves').countDocuments({})).toBe(80)
    expect(await database.client.db('bank').command({ validate: 'accounts' })).toMatchObject({ valid: true })
  })

  it('applies a write once when the driver sends it again', async () => {
    const admin = database.client.db('admin')
    await admin.command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['update'], writeConcernError: { code: 91, errmsg: 'shutting down' } },
    })
    const result = await accounts.updateOne(id('a'), { $inc: { sum: 1 } })
    expect(result).toMatchObject({ matchedCount: 1, modifiedCount: 1 })
    expect((await accounts.findOne(id('a')))?.sum).toBe(101)
    await admin.command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['findAndModify'], closeConnection: true },
    })
    expect(await accounts.findOneAndUpdate(id('a'), { $inc: { sum: 1 } }, { returnDocument: 'after' })).toMatchObject({
      sum: 102,
    })
  })

  describe('a retryable write whose connection is cut', () => {
    const cut = (mode: Document, data: Document = {}) =>
      database.client.db('admin').command({ configureFailPoint: 'onPrimaryTransactionalWrite', mode, data })
    afterEach(() =>
      database.client.db('admin').command({ configureFailPoint: 'onPrimaryTransactionalWrite', mode: 'off' }),
    )
    const before = { failBeforeCommitExceptionCode: 1 }

    it.each<[string, Document, Document]>([
      ['before its commit', { times: 1 }, before],
      ['after its commit', { times: 1 }, {}],
    ])('%s is done once when the driver sends it again', async (_name, mode, data) => {
      await cut(mode, data)
      await accounts.updateOne(id('a'), { $inc: { sum: 1 } })
      await cut(mode, data)
      await accounts.insertMany([{ _id: 'x' as never }, { _id: 'y' as never }])
      expect(await accounts.findOne(id('a'))).toMatchObject({ sum: 101 })
      expect(await accounts.countDocuments({})).toBe(4)
    })

    it('each time is not done', async () => {
      await cut({ times: 2 }, before)
      await expect(accounts.updateOne(id('a'), { $inc: { sum: 1 } })).rejects.toThrow(/connection/)
      expect(await accounts.findOne(id('a'))).toMatchObject({ sum: 100 })
    })
  })
})

describe('what no transaction takes', () => {
  const server = startInProcess()
  afterAll(() => server.stop())
  const send = (command: Document): Promise<Document> =>
    server.command({ ...command, $db: 'bank', lsid: { id: new UUID() }, txnNumber: Long.fromNumber(1) })

  it.each<[string, Document, number]>([
    [
      'what reports on the server',
      { aggregate: 'accounts', pipeline: [{ $collStats: { count: {} } }], cursor: {} },
      263,
    ],
    ['what writes by an aggregation', { aggregate: 'accounts', pipeline: [{ $out: 'copy' }], cursor: {} }, 263],
    ['a view', { create: 'rich', viewOn: 'accounts', pipeline: [] }, 263],
    ['a change stream', { aggregate: 'accounts', pipeline: [{ $changeStream: {} }], cursor: {} }, 263],
    ['a level of reading that no transaction has', { find: 'accounts', readConcern: { level: 'linearizable' } }, 72],
  ])('refuses %s', async (_, command, code) => {
    expect(await send({ ...command, autocommit: false, startTransaction: true })).toMatchObject({ ok: 0, code })
  })

  it('takes a transaction number without a transaction only with writes that can be sent again', async () => {
    const refusal = { code: 50768, codeName: 'NotARetryableWriteCommand' }
    expect(await send({ find: 'accounts' })).toMatchObject(refusal)
    expect(await send({ insert: 'accounts', documents: [{}] })).toMatchObject({ ok: 1, n: 1 })
  })
})
