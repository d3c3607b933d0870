import { setTimeout as delay } from 'node:timers/promises'
import { MongoServerError } from 'mongodb'
import type { ClientSession, MongoClient } from 'mongodb'
import { startTestDatabase } from './testing/database.ts'
import type { TestDatabase } from './testing/database.ts'

interface Row {
  _id: number | string
  n: number
}

const codeOf = (error: unknown): unknown => (error instanceof MongoServerError ? error.code : error)

describe('clients beside each other', () => {
  let database: TestDatabase
  let clients: MongoClient[]
  let serial = 0

  beforeAll(async () => {
    database = await startTestDatabase()
    clients = await Promise.all(Array.from({ length: 6 }, () => database.connect()))
  })
  afterAll(() => database.stop())

  const rows = (client: MongoClient, name: string) => client.db('beside').collection<Row>(name)
  const fresh = async (...given: Row[]): Promise<string> => {
    const name = `c${serial++}`
    await database.client.db('beside').createCollection(name)
    if (given.length > 0) await rows(database.client, name).insertMany(given)
    return name
  }
  const begin = (client: MongoClient): ClientSession => {
    const session = client.startSession()
    session.startTransaction()
    return session
  }

  /** Resolves when the server is at an update of the collection; it tells it by the one or the other. */
  const updateUnderWay = async (name: string): Promise<void> => {
    const named = { active: true, $or: [{ 'command.update': name }, { op: 'update', ns: `beside.${name}` }] }
    const running = [{ $currentOp: {} }, { $match: named }]
    while ((await database.client.db('admin').aggregate(running).toArray()).length === 0) await delay(5)
  }

  it('a transaction reads neither what others have not committed nor what they commit later', async () => {
    const name = await fresh({ _id: 1, n: 1 }, { _id: 2, n: 2 })
    const [reader, writer] = [begin(clients[0] as MongoClient), begin(clients[1] as MongoClient)]
    const read = () =>
      rows(clients[0] as MongoClient, name)
        .find({}, { session: reader })
        .sort({ _id: 1 })
        .toArray()
    const before = await read()
    await rows(clients[1] as MongoClient, name).updateOne({ _id: 1 }, { $set: { n: 10 } }, { session: writer })
    await rows(clients[1] as MongoClient, name).insertOne({ _id: 3, n: 3 }, { session: writer })
    expect(await read()).toEqual(before)
    expect(await rows(clients[2] as MongoClient, name).countDocuments({})).toBe(2)
    await writer.commitTransaction()
    await rows(clients[2] as MongoClient, name).deleteOne({ _id: 2 })
    expect(await read()).toEqual(before)
    expect(await rows(clients[0] as MongoClient, name).countDocuments({ n: { $gte: 3 } }, { session: reader })).toBe(0)
    await reader.commitTransaction()
    expect(
      await rows(clients[0] as MongoClient, name)
        .find({})
        .sort({ _id: 1 })
        .toArray(),
    ).toEqual([
      { _id: 1, n: 10 },
      { _id: 3, n: 3 },
    ])
    await Promise.all([reader.endSession(), writer.endSession()])
  })

  it('the second transaction to write a document loses with the label that makes a driver try again', async () => {
    const name = await fresh({ _id: 1, n: 1 })
    const [first, second] = [begin(clients[0] as MongoClient), begin(clients[1] as MongoClient)]
    await rows(clients[1] as MongoClient, name).findOne({ _id: 1 }, { session: second })
    await rows(clients[0] as MongoClient, name).updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: first })
    await first.commitTransaction()
    const lost = await rows(clients[1] as MongoClient, name)
      .updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session: second })
      .catch((error: unknown) => error as MongoServerError)
    expect(codeOf(lost)).toBe(112)
    expect((lost as MongoServerError).hasErrorLabel('TransientTransactionError')).toBe(true)
    await second.abortTransaction()
    expect(await rows(clients[0] as MongoClient, name).findOne({ _id: 1 })).toEqual({ _id: 1, n: 2 })
    await Promise.all([first.endSession(), second.endSession()])
  })

  it('write skew between different documents is possible, as with MongoDB', async () => {
    const name = await fresh({ _id: 1, n: 1 }, { _id: 2, n: 1 })
    const sessions = [begin(clients[0] as MongoClient), begin(clients[1] as MongoClient)]
    for (const [i, session] of sessions.entries()) {
      const own = rows(clients[i] as MongoClient, name)
      expect(await own.countDocuments({ n: 1 }, { session })).toBe(2)
      await own.updateOne({ _id: i + 1 }, { $set: { n: 0 } }, { session })
    }
    for (const session of sessions) await session.commitTransaction()
    expect(await rows(database.client, name).countDocuments({ n: 0 })).toBe(2)
    await Promise.all(sessions.map((session) => session.endSession()))
  })

  it('loses no update, and every snapshot has the same sum', async () => {
    const name = await fresh(...Array.from({ length: 6 }, (_, _id) => ({ _id, n: 100 })))
    const each = 12
    const sums: number[] = []
    await Promise.all(
      clients.map(async (client, who) => {
        const own = rows(client, name)
        for (let i = 0; i < each; i++) {
          await client.withSession((session) =>
            session.withTransaction(async () => {
              const all = await own.find({}, { session }).toArray()
              sums.push(all.reduce((sum, { n }) => sum + n, 0))
              const [from, to] = [all[(who + i) % 6], all[(who * 5 + i * 7 + 1) % 6]] as [Row, Row]
              if (from._id === to._id) return
              // Reading and then setting loses an update unless the transaction does not let it.
              await own.updateOne({ _id: from._id }, { $set: { n: from.n - 1 } }, { session })
              await own.updateOne({ _id: to._id }, { $set: { n: to.n + 1 } }, { session })
            }),
          )
        }
      }),
    )
    expect(sums.length).toBeGreaterThanOrEqual(each * clients.length)
    expect(sums.filter((sum) => sum !== 600)).toEqual([])
    const end = await rows(database.client, name).find({}).toArray()
    expect(end.reduce((sum, { n }) => sum + n, 0)).toBe(600)
  }, 60_000)

  it('increments of all clients and transactions add up', async () => {
    const name = await fresh({ _id: 1, n: 0 })
    await Promise.all(
      clients.map(async (client, who) => {
        for (let i = 0; i < 20; i++) {
          if (who % 2 === 0) await rows(client, name).updateOne({ _id: 1 }, { $inc: { n: 1 } })
          else
            await client.withSession((session) =>
              session.withTransaction(() => rows(client, name).updateOne({ _id: 1 }, { $inc: { n: 1 } }, { session })),
            )
        }
      }),
    )
    expect(await rows(database.client, name).findOne({ _id: 1 })).toEqual({ _id: 1, n: 120 })
  }, 60_000)

  it('a writer outside waits for the transaction that holds its document, and then sees what it left', async () => {
    const name = await fresh({ _id: 1, n: 1 })
    const session = begin(clients[0] as MongoClient)
    await rows(clients[0] as MongoClient, name).updateOne({ _id: 1 }, { $inc: { n: 10 } }, { session })
    let done = false
    const waiting = rows(clients[1] as MongoClient, name)
      .findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, { returnDocument: 'after' })
      .finally(() => (done = true))
    await delay(50)
    expect(done).toBe(false)
    await session.commitTransaction()
    expect(await waiting).toEqual({ _id: 1, n: 12 })
    await session.endSession()
  })

  it('a writer that waits goes on before that transaction ends, when another document has come before the one that it holds', async () => {
    const name = await fresh({ _id: 5, n: 5 })
    const holder = begin(clients[0] as MongoClient)
    await rows(clients[0] as MongoClient, name).updateOne({ _id: 5 }, { $inc: { n: 1 } }, { session: holder })
    const taken = rows(clients[1] as MongoClient, name).findOneAndDelete({}, { sort: { _id: 1 } })
    expect(await Promise.race([taken, delay(50, 'waits')])).toBe('waits')
    await rows(clients[2] as MongoClient, name).insertOne({ _id: 3, n: 3 })
    expect(await taken).toEqual({ _id: 3, n: 3 })
    await holder.commitTransaction()
    await holder.endSession()
  })

  it('a writer that waits gives up at its time limit, and when its client is gone', async () => {
    const name = await fresh({ _id: 1, n: 1 })
    const session = begin(clients[0] as MongoClient)
    await rows(clients[0] as MongoClient, name).updateOne({ _id: 1 }, { $inc: { n: 10 } }, { session })
    const limited = rows(clients[1] as MongoClient, name).updateOne({ _id: 1 }, { $inc: { n: 1 } }, { maxTimeMS: 50 })
    expect(await limited.then(() => 'written', codeOf)).toBe(50)
    const leaving = await database.connect()
    const left = rows(leaving, name).updateOne({ _id: 1 }, { $inc: { n: 1 } })
    left.catch(() => undefined)
    // One that is not under way yet would be sent again by the client, on a new connection.
    await updateUnderWay(name)
    await leaving.close(true)
    await expect(left).rejects.toThrow()
    await delay(50)
    await session.commitTransaction()
    expect(await rows(database.client, name).findOne({ _id: 1 })).toEqual({ _id: 1, n: 11 })
    await session.endSession()
  })

  it('of writers that race for one unique value one wins', async () => {
    const name = await fresh()
    await rows(database.client, name).createIndex({ n: 1 }, { unique: true })
    for (let round = 0; round < 10; round++) {
      const outcomes = await Promise.all(
        clients.map((client, who) =>
          who % 3 === 0
            ? client
                .withSession(async (session) => {
                  session.startTransaction()
                  await rows(client, name).insertOne({ _id: `${round}-${who}`, n: round }, { session })
                  await session.commitTransaction()
                })
                .then(() => 'won', codeOf)
            : rows(client, name)
                .insertOne({ _id: `${round}-${who}`, n: round })
                .then(() => 'won', codeOf),
        ),
      )
      expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1)
      expect(outcomes.filter((outcome) => ![11000, 112, 'won'].includes(outcome as number))).toEqual([])
      expect(await rows(database.client, name).countDocuments({ n: round })).toBe(1)
    }
    expect(await database.client.db('beside').command({ validate: name })).toMatchObject({ valid: true })
  }, 60_000)

  it('upserts of one document by all clients make one', async () => {
    const name = await fresh()
    await Promise.all(
      clients.flatMap((client) =>
        Array.from({ length: 10 }, () =>
          rows(client, name).updateOne({ _id: 'one' }, { $inc: { n: 1 } }, { upsert: true }),
        ),
      ),
    )
    expect(await rows(database.client, name).find({}).toArray()).toEqual([{ _id: 'one', n: 60 }])
  })

  it('a capped collection keeps the newest, whoever inserts', async () => {
    const name = `c${serial++}`
    await database.client.db('beside').createCollection(name, { capped: true, size: 1_000_000, max: 20 })
    await Promise.all(
      clients.map(async (client, who) => {
        for (let n = 0; n < 30; n++) await rows(client, name).insertOne({ _id: `${who}-${n}`, n })
      }),
    )
    const kept = await rows(database.client, name).find({}).toArray()
    expect(kept).toHaveLength(20)
    for (let who = 0; who < clients.length; who++) {
      const own = kept.filter(({ _id }) => String(_id).startsWith(`${who}-`)).map(({ n }) => n)
      // The last ones of each, in their order.
      expect(own).toEqual(Array.from({ length: own.length }, (_, i) => 30 - own.length + i))
    }
    expect(await database.client.db('beside').command({ validate: name })).toMatchObject({ valid: true })
  })

  it('an index built beside writers and transactions agrees with its collection', async () => {
    const name = await fresh(...Array.from({ length: 6000 }, (_, _id) => ({ _id, n: _id % 50 })))
    const early = begin(clients[0] as MongoClient)
    await rows(clients[0] as MongoClient, name).updateOne({ _id: 5 }, { $set: { n: -1 } }, { session: early })
    let building = true
    const writing = clients.slice(1).map(async (client, who) => {
      for (let i = 0; building || i < 40; i++) {
        const own = rows(client, name)
        const _id = (i * 37 + who * 1009) % 6000
        if (i % 4 === 0) await own.deleteOne({ _id })
        else if (i % 4 === 1) await own.insertOne({ _id: `new-${who}-${i}`, n: i })
        else if (i % 4 === 2) await own.updateOne({ _id }, { $inc: { n: 1 } })
        else
          await client.withSession((session) =>
            session.withTransaction(async () => {
              await own.updateOne({ _id }, { $set: { n: i } }, { session })
              await own.insertOne({ _id: `in-${who}-${i}`, n: i }, { session })
            }),
          )
      }
    })
    await rows(database.client, name).createIndex({ n: 1, _id: -1 })
    await database.client.db('beside').collection(name).createIndex({ n: -1 }, { sparse: true })
    building = false
    await Promise.all(writing)
    const end = await early.commitTransaction().then(() => 'committed', codeOf)
    // The transaction is older than the index: MongoDB would have made the build wait for it; here it must try again.
    expect(['committed', 112, 246]).toContain(end)
    expect(await database.client.db('beside').command({ validate: name })).toMatchObject({ valid: true, errors: [] })
    const [byIndex, byScan] = await Promise.all(
      [{ n: 1, _id: -1 }, { $natural: 1 }].map((hint) =>
        rows(database.client, name)
          .find({ n: { $gte: 10 } }, { hint: hint as never })
          .map(({ _id }) => String(_id))
          .toArray(),
      ),
    )
    expect(byIndex?.sort()).toEqual(byScan?.sort())
    await early.endSession()
  }, 60_000)
})
