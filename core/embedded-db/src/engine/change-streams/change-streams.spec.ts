import { Timestamp } from 'mongodb'
import type { Binary, ChangeStream, ChangeStreamDocument, Collection, Document } from 'mongodb'
import { eventually, startTestDatabase } from '../../testing/database.ts'
import type { TestDatabase } from '../../testing/database.ts'

const QUICK = { maxAwaitTimeMS: 50 }

type Event = ChangeStreamDocument & Record<string, unknown>

jest.setTimeout(60_000)

describe('change streams over the wire', () => {
  let database: TestDatabase
  let orders: Collection<Document>

  beforeAll(async () => {
    database = await startTestDatabase()
  })
  afterAll(() => database.stop())
  beforeEach(async () => {
    await database.client.db('shop').dropDatabase()
    await database.client.db('shop').createCollection('orders')
    orders = database.client.db('shop').collection('orders')
  })

  async function take(stream: ChangeStream, count: number): Promise<Event[]> {
    const events: Event[] = []
    while (events.length < count) events.push((await stream.next()) as Event)
    return events
  }

  /** The stream is open on the server once its first answer is there. */
  async function open(stream: ChangeStream): Promise<ChangeStream> {
    expect(await stream.tryNext()).toBeNull()
    return stream
  }

  it('tells inserts, updates, replacements and deletes in order, with what changed', async () => {
    const stream = await open(orders.watch([], QUICK))
    await orders.insertOne({ _id: 1 as never, n: 1, list: [1, 2, 3], gone: true })
    await orders.updateOne({ _id: 1 as never }, { $set: { 'deep.x': 1, 'list.1': 9 }, $unset: { gone: '' } })
    await orders.replaceOne({ _id: 1 as never }, { n: 2 })
    await orders.deleteOne({ _id: 1 as never })
    const [insert, update, replace, remove] = await take(stream, 4)
    expect(insert).toMatchObject({
      operationType: 'insert',
      ns: { db: 'shop', coll: 'orders' },
      documentKey: { _id: 1 },
      fullDocument: { _id: 1, n: 1 },
    })
    expect(update).toMatchObject({
      operationType: 'update',
      updateDescription: {
        updatedFields: { deep: { x: 1 }, 'list.1': 9 },
        removedFields: ['gone'],
        truncatedArrays: [],
      },
    })
    expect(replace).toMatchObject({ operationType: 'replace', fullDocument: { _id: 1, n: 2 } })
    expect(remove).toMatchObject({ operationType: 'delete', documentKey: { _id: 1 } })
    await stream.close()
  })

  it.each<[string, Document, Document, Document]>([
    ['a field in an array element', { a: [{ '1': 1 }] }, { $set: { 'a.0.1': 2 } }, { 'a.0.1': 2 }],
    ['a whole array', { a: [1, 2, 3] }, { $set: { a: [1, 2, 4] } }, { a: [1, 2, 4] }],
    ['a longer array', { a: ['x'] }, { $set: { a: ['x', 'y'] } }, { a: ['x', 'y'] }],
    ['a whole document', { a: { b: 1, c: 2 } }, { $set: { a: { b: 1, c: 3 } } }, { a: { b: 1, c: 3 } }],
    ['elements added', { a: [1] }, { $push: { a: { $each: [2, 3] } } }, { 'a.1': 2, 'a.2': 3 }],
    ['an array that lost elements', { a: [1, 2, 3] }, { $pull: { a: 2 } }, { a: [1, 3] }],
    ['an element by position', { a: [1, 2] }, { $inc: { 'a.$[x]': 5 } }, { 'a.1': 7 }],
  ])('tells %s as the operator wrote it', async (_, before, update, updatedFields) => {
    await orders.insertOne({ ...before, _id: 1 as never })
    const stream = await open(orders.watch([], { ...QUICK, showExpandedEvents: true }))
    const arrayFilters = JSON.stringify(update).includes('[x]') ? { arrayFilters: [{ x: 2 }] } : {}
    await orders.updateOne({ _id: 1 as never }, update, arrayFilters)
    const [event] = await take(stream, 1)
    const { disambiguatedPaths, ...change } = event?.updateDescription as Document
    expect(change).toEqual({ updatedFields, removedFields: [], truncatedArrays: [] })
    expect(disambiguatedPaths).toEqual('a.0.1' in updatedFields ? { 'a.0.1': ['a', 0, '1'] } : {})
    await stream.close()
  })

  it('resumes after any event without gap or repetition', async () => {
    const stream = await open(orders.watch([], QUICK))
    await orders.insertMany(Array.from({ length: 20 }, (_, i) => ({ _id: i as never })))
    await database.client.withSession((session) =>
      session.withTransaction(async () => {
        for (let i = 20; i < 25; i++) await orders.insertOne({ _id: i as never }, { session })
      }),
    )
    await orders.updateMany({}, { $set: { seen: true } })
    const all = await take(stream, 50)
    await stream.close()
    for (const at of [0, 7, 19, 22, 24, 30]) {
      const again = orders.watch([], { resumeAfter: (all[at] as Event)._id })
      expect((await take(again, 49 - at)).map((event) => event._id)).toEqual(
        all.slice(at + 1).map((event) => event._id),
      )
      await again.close()
    }
    const timed = orders.watch([], { startAtOperationTime: (all[10] as Event).clusterTime as never })
    expect((await take(timed, 1))[0]?._id).toEqual(all[10]?._id)
    await timed.close()
  })

  it('tells a transaction of more than an entry of the log holds as one', async () => {
    const stream = await open(orders.watch([], QUICK))
    const count = 1203
    await database.client.withSession((session) =>
      session.withTransaction(async () => {
        await orders.insertMany(
          Array.from({ length: count - 3 }, (_, i) => ({ _id: i as never, n: 0 })),
          { session },
        )
        await orders.updateOne({ _id: 0 as never }, { $set: { n: 1 } }, { session })
        await orders.insertMany([{ _id: 5000 as never }, { _id: 5001 as never }], { session })
      }),
    )
    await orders.insertOne({ _id: 'after' as never })
    const all = await take(stream, count + 1)
    await stream.close()
    const [first, last, after] = [all[0], all[count - 1], all[count]] as [Event, Event, Event]
    expect(all.map(({ operationType }) => operationType)).toEqual(
      all.map((_, i) => (i === count - 3 ? 'update' : 'insert')),
    )
    expect(last.documentKey).toEqual({ _id: 5001 })
    expect((last.lsid as unknown as { uid: Binary }).uid.toString('hex')).toMatch(/^e3b0c44298fc1c149afb/)
    for (const { clusterTime, txnNumber } of all.slice(0, count))
      expect({ clusterTime, txnNumber }).toEqual({ clusterTime: first.clusterTime, txnNumber: first.txnNumber })
    for (const at of [499, 500, 999, count - 1]) {
      const again = orders.watch([], { resumeAfter: (all[at] as Event)._id })
      expect((await take(again, 1))[0]?._id).toEqual((all[at + 1] as Event)._id)
      await again.close()
    }
    const { t, i } = first.clusterTime as unknown as { t: number; i: number }
    for (const [increment, next] of [
      [1 - count, first],
      [500 - count, first],
      [0, first],
      [1, after],
    ] as const) {
      const timed = orders.watch([], { startAtOperationTime: new Timestamp({ t, i: i + increment }) })
      expect((await take(timed, 1))[0]?._id).toEqual(next._id)
      await timed.close()
    }
  })

  it('tells a whole transaction to a stream that starts at the time of its commit, and nothing of it after that', async () => {
    const session = database.client.startSession()
    await session.withTransaction(async () => {
      await orders.insertMany([{ _id: 1 as never }, { _id: 2 as never }], { session })
      await orders.deleteOne({ _id: 1 as never }, { session })
    })
    const { operationTime } = session
    await session.endSession()
    await orders.insertOne({ _id: 'after' as never })
    const { t, i } = operationTime as unknown as { t: number; i: number }
    for (const [increment, told] of [
      [0, [1, 2, 1]],
      [1, ['after']],
    ] as const) {
      const stream = orders.watch([], { startAtOperationTime: new Timestamp({ t, i: i + increment }) })
      const events = await take(stream, told.length)
      expect(events.map((event) => (event.documentKey as Document)._id as unknown)).toEqual(told)
      await stream.close()
    }
  })

  it('gives the current document, pre- and post-images when asked', async () => {
    await database.client.db('shop').command({ collMod: 'orders', changeStreamPreAndPostImages: { enabled: true } })
    await orders.insertOne({ _id: 1 as never, n: 1 })
    const images = await open(
      orders.watch([], { ...QUICK, fullDocument: 'required', fullDocumentBeforeChange: 'required' }),
    )
    const lookup = await open(orders.watch([], { ...QUICK, fullDocument: 'updateLookup' }))
    await orders.updateOne({ _id: 1 as never }, { $set: { n: 2 } })
    await orders.updateOne({ _id: 1 as never }, { $set: { n: 3 } })
    expect(await take(images, 2)).toMatchObject([
      { fullDocument: { n: 2 }, fullDocumentBeforeChange: { n: 1 } },
      { fullDocument: { n: 3 }, fullDocumentBeforeChange: { n: 2 } },
    ])
    expect(await take(lookup, 1)).toMatchObject([{ fullDocument: { n: 3 } }])
    await images.close()
    await lookup.close()
  })

  it('watches a database or the whole deployment, filtered by a pipeline', async () => {
    const wide = await open(
      database.client.watch([{ $match: { operationType: 'insert' } }, { $project: { ns: 1 } }], QUICK),
    )
    const narrow = await open(database.client.db('shop').watch([], QUICK))
    await database.client.db('other').collection('x').insertOne({})
    await orders.insertOne({})
    await orders.deleteMany({})
    expect((await take(wide, 2)).map((event) => event.ns)).toEqual([
      { db: 'other', coll: 'x' },
      { db: 'shop', coll: 'orders' },
    ])
    expect((await take(narrow, 2)).map((event) => event.operationType)).toEqual(['insert', 'delete'])
    await wide.close()
    await narrow.close()
  })

  it('tells what is defined, also of views, to streams that ask for expanded events and to no others', async () => {
    const shop = database.client.db('shop')
    const expanded = await open(shop.watch([], { ...QUICK, showExpandedEvents: true }))
    const plain = await open(shop.watch([], QUICK))
    await shop.createCollection('carts')
    await shop.collection('carts').createIndex({ at: 1 }, { name: 'at_1' })
    await shop.collection('carts').dropIndex('at_1')
    await shop.command({ collMod: 'carts' })
    await shop.createCollection('open', { viewOn: 'orders', pipeline: [{ $match: { open: true } }] })
    await shop.command({ collMod: 'open', viewOn: 'carts', pipeline: [] })
    await shop.dropCollection('open')
    await shop.collection('carts').rename('orders', { dropTarget: true })
    const events = await take(expanded, 8)
    expect(events.map(({ operationType, ns }) => [operationType, (ns as Document).coll as string])).toEqual([
      ['create', 'carts'],
      ['createIndexes', 'carts'],
      ['dropIndexes', 'carts'],
      ['modify', 'carts'],
      ['create', 'open'],
      ['modify', 'open'],
      ['drop', 'open'],
      ['rename', 'carts'],
    ])
    expect(events[0]).toMatchObject({ nsType: 'collection', operationDescription: { idIndex: { name: '_id_' } } })
    for (const { collectionUUID } of [0, 1, 2, 3, 7].map((index) => events[index] as Event))
      expect(collectionUUID).toEqual(events[0]?.collectionUUID)
    expect(events[0]?.collectionUUID).toBeDefined()
    expect(events[1]).toMatchObject({ operationDescription: { indexes: [{ name: 'at_1', key: { at: 1 } }] } })
    expect(events[4]).toMatchObject({
      nsType: 'view',
      operationDescription: { viewOn: 'orders', pipeline: [{ $match: { open: true } }] },
    })
    expect(events[5]).toMatchObject({ operationDescription: { viewOn: 'carts', pipeline: [] } })
    expect(events[7]).toMatchObject({ operationDescription: { to: { db: 'shop', coll: 'orders' } } })
    expect(await take(plain, 1)).toMatchObject([{ operationType: 'rename', ns: { db: 'shop', coll: 'carts' } }])
    await expanded.close()
    await plain.close()
  })

  it('ends with invalidate when its collection is dropped', async () => {
    const stream = await open(orders.watch([], QUICK))
    await orders.insertOne({})
    await orders.drop()
    expect((await take(stream, 3)).map((event) => event.operationType)).toEqual(['insert', 'drop', 'invalidate'])
    await stream.close()
  })

  it('splits an event too large for one document when asked, and resumes between its fragments', async () => {
    await database.client.db('shop').command({ collMod: 'orders', changeStreamPreAndPostImages: { enabled: true } })
    await orders.insertOne({ _id: 1 as never, text: 'a'.repeat(9_000_000) })
    const options = { ...QUICK, fullDocument: 'required', fullDocumentBeforeChange: 'required' }
    const whole = await open(orders.watch([], options))
    const split = await open(orders.watch([{ $changeStreamSplitLargeEvent: {} }], options))
    await orders.updateOne({ _id: 1 as never }, { $set: { text: 'b'.repeat(9_000_000) } })
    await orders.insertOne({ _id: 2 as never })
    await expect(whole.next()).rejects.toMatchObject({ code: 10334 })
    const [first, second] = await take(split, 2)
    expect([first?.splitEvent, second?.splitEvent]).toEqual([
      { fragment: 1, of: 3 },
      { fragment: 2, of: 3 },
    ])
    const resumed = orders.watch([{ $changeStreamSplitLargeEvent: {} }], { ...options, resumeAfter: first?._id })
    const [again, third, after] = await take(resumed, 3)
    expect(again?._id).toEqual(second?._id)
    const { fullDocument, fullDocumentBeforeChange, ...small } = { ...first, ...second, ...third } as Record<
      string,
      Document
    >
    expect(small).toMatchObject({ operationType: 'update', documentKey: { _id: 1 } })
    // Compared here: a matcher's pattern would go through millions of letters on the stack.
    expect(fullDocument?.text === 'b'.repeat(9_000_000)).toBe(true)
    expect(fullDocumentBeforeChange?.text === 'a'.repeat(9_000_000)).toBe(true)
    expect(after).toMatchObject({ operationType: 'insert', documentKey: { _id: 2 } })
    for (const stream of [whole, split, resumed]) await stream.close()
  })

  it('labels what reading fails with, so that the driver opens the stream again', async () => {
    const admin = database.client.db('admin')
    const stream = await open(orders.watch([], QUICK))
    await orders.insertOne({ _id: 1 as never })
    await admin.command({
      configureFailPoint: 'failGetMoreAfterCursorCheckout',
      mode: { times: 1 },
      data: { errorCode: 6 },
    })
    expect(await take(stream, 1)).toMatchObject([{ documentKey: { _id: 1 } }])
    await stream.close()
    await admin.command({
      configureFailPoint: 'failCommand',
      mode: { times: 1 },
      data: { failCommands: ['getMore'], errorCode: 6 },
    })
    const plain = orders.watch([], QUICK)
    await expect(plain.next()).rejects.toMatchObject({ code: 6 })
    await plain.close()
  })

  it('wakes a waiting stream by a write, long before its wait is over', async () => {
    const stream = orders.watch([], { maxAwaitTimeMS: 600_000 })
    let event: unknown
    const next = stream.next().then((first) => (event = first))
    await eventually(async () => {
      await orders.insertOne({ n: 1 })
      return event !== undefined
    })
    expect(await next).toMatchObject({ operationType: 'insert', fullDocument: { n: 1 } })
    await stream.close()
  }, 20_000)
})
