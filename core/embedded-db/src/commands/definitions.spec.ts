import type { Db, Document } from 'mongodb'
import { startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'

jest.setTimeout(60_000)

describe('definitions and administration', () => {
  let database: TestDatabase
  let shop: Db

  beforeAll(async () => {
    database = await startTestDatabase()
    shop = database.client.db('shop')
  })
  afterAll(() => database.stop())
  beforeEach(async () => {
    await shop.dropDatabase()
    await shop.collection('rows').insertOne({ _id: 1 as never, a: 1 })
    await shop.collection('rows').createIndex({ a: 1 })
  })

  const index = (spec: Document): Document => ({
    createIndexes: 'rows',
    indexes: [{ name: 'x', key: { x: 1 }, ...spec }],
  })

  it.each<[string, Document, number]>([
    ['the same keys under another name', index({ key: { a: 1 } }), 85],
    ['another lifetime', index({ key: { a: 1 }, name: 'a_1', expireAfterSeconds: 5 }), 85],
    ['other keys under a name that is taken', index({ name: 'a_1' }), 86],
    ['uniqueness under a name that is taken', index({ key: { a: 1 }, name: 'a_1', unique: true }), 86],
    ['no name', { createIndexes: 'rows', indexes: [{ key: { x: 1 } }] }, 9],
    ['an unknown option', index({ foo: 1 }), 197],
    ['an option of the wrong type', index({ unique: 'yes' }), 14],
    ['another version', index({ v: 3 }), 67],
    ['a sparse _id', index({ key: { _id: 1 }, sparse: true }), 197],
    ['33 fields', index({ key: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`f${i}`, 1])) }), 13103],
    ['two hashed fields', index({ key: { x: 'hashed', y: 'hashed' } }), 31303],
    ['a filter with sparse', index({ sparse: true, partialFilterExpression: { a: 1 } }), 67],
  ])('refuses an index with %s', async (_, command, code) => {
    await expect(shop.command(command)).rejects.toMatchObject({ code })
  })

  it('allows indexes on the same keys that differ in uniqueness, and refuses arrays in a hashed one', async () => {
    expect(await shop.command(index({ key: { a: 1 }, unique: true }))).toMatchObject({ numIndexesAfter: 3 })
    await shop.command(index({ key: { h: 'hashed' }, name: 'h' }))
    await expect(shop.collection('rows').insertOne({ a: 2, h: [1] })).rejects.toMatchObject({ code: 16766 })
    expect(await shop.collection('rows').countDocuments()).toBe(1)
  })

  it.each<[string, Document, number]>([
    ['by two names', { name: 'a_1', keyPattern: { a: 1 }, hidden: true }, 72],
    ['by none', { hidden: true }, 72],
    ['in nothing', { name: 'a_1' }, 72],
    ['in what no index has', { name: 'a_1', foo: true }, 40415],
    ['to hide _id', { name: '_id_', hidden: true }, 2],
    ['to let _id expire', { name: '_id_', expireAfterSeconds: 5 }, 72],
    ['to expire by two fields', { name: 'two', expireAfterSeconds: 5 }, 72],
    ['to expire before its time', { name: 'a_1', expireAfterSeconds: -5 }, 72],
    ['that does not exist', { name: 'none', hidden: true }, 27],
  ])('refuses to change an index %s', async (_, change, code) => {
    await shop.command(index({ key: { a: 1, b: 1 }, name: 'two' }))
    await expect(shop.command({ collMod: 'rows', index: change })).rejects.toMatchObject({ code })
  })

  it.each<[string, Document, number]>([
    ['a level of validation', { collMod: 'rows', validationLevel: 'some' }, 2],
    ['an action of validation', { collMod: 'rows', validationAction: 'cry' }, 2],
    ['a bound of what is not capped', { collMod: 'rows', cappedMax: 5 }, 72],
    ['documents among the definitions of views', { insert: 'system.views', documents: [{}] }, 73],
    ['an unknown part of a cursor', { aggregate: 'rows', pipeline: [], cursor: { foo: 1 } }, 40415],
    ['a name without the other', { renameCollection: 'shop.rows' }, 40414],
  ])('refuses %s', async (_, command, code) => {
    const db = 'renameCollection' in command ? database.client.db('admin') : shop
    const { writeErrors } = await db.command(command).catch((error: unknown) => ({ writeErrors: [error] }))
    expect(writeErrors).toMatchObject([{ code }])
  })

  it('makes 64 indexes and no more', async () => {
    const indexes = Array.from({ length: 62 }, (_, i) => ({ key: { [`f${i}`]: 1 }, name: `f${i}` }))
    await shop.command({ createIndexes: 'rows', indexes })
    await expect(shop.command(index({}))).rejects.toMatchObject({ code: 67 })
  })

  it('takes no second database of a name that differs in case only', async () => {
    const other = database.client.db('Shop')
    await expect(other.createCollection('x')).rejects.toMatchObject({ code: 13297, codeName: 'DatabaseDifferCase' })
    await expect(other.collection('x').insertOne({})).rejects.toMatchObject({ code: 13297 })
    await shop.dropDatabase()
    await other.createCollection('x')
    await other.dropDatabase()
  })

  it('builds an index once for requests at the same time', async () => {
    const rows = shop.collection('rows')
    await rows.insertMany(Array.from({ length: 2000 }, (_, x) => ({ x })))
    await Promise.all(Array.from({ length: 5 }, () => rows.createIndex({ x: 1 })))
    expect((await rows.listIndexes().toArray()).map((one) => one.name as string)).toEqual(['_id_', 'a_1', 'x_1'])
  })

  it('keeps a clustered collection in the order of its _id and shows how it is clustered', async () => {
    const key = { _id: 1 }
    const clustered = await shop.createCollection('c', { clusteredIndex: { key, unique: true, name: 'by id' } })
    await clustered.insertMany([3, 1, 2].map((_id) => ({ _id: _id as never })))
    expect((await clustered.find().toArray()).map((row) => row._id)).toEqual([1, 2, 3])
    expect(await clustered.listIndexes().toArray()).toEqual([
      { v: 2, key, name: 'by id', unique: true, clustered: true },
    ])
    const [listed] = await shop.listCollections({ name: 'c' }).toArray()
    expect(listed).toMatchObject({ options: { clusteredIndex: { key, unique: true, name: 'by id' } } })
    expect(Object.keys(listed ?? {})).toEqual(['name', 'type', 'options', 'info'])
  })

  it('tells watchers that a collection is clustered, and of no index on _id, which it has not', async () => {
    const stream = shop.watch([], { showExpandedEvents: true })
    try {
      await stream.tryNext()
      await shop.createCollection('c', { clusteredIndex: { key: { _id: 1 }, unique: true } })
      await shop.createCollection('d')
      const [clustered, plain] = [(await stream.next()) as Document, (await stream.next()) as Document]
      expect(Object.keys(clustered.operationDescription as Document)).toEqual(['clusteredIndex'])
      expect(Object.keys(plain.operationDescription as Document)).toEqual(['idIndex'])
    } finally {
      await stream.close()
    }
  })

  it('says why a document fails validation, and lets a moderate rule pass what was invalid before', async () => {
    const rows = shop.collection('rows')
    const validator = { $jsonSchema: { required: ['b'] } }
    await shop.command({ collMod: 'rows', validator, validationLevel: 'moderate' })
    await expect(rows.insertOne({ _id: 2 as never })).rejects.toMatchObject({
      code: 121,
      errInfo: {
        failingDocumentId: 2,
        details: {
          operatorName: '$jsonSchema',
          schemaRulesNotSatisfied: [{ operatorName: 'required', missingProperties: ['b'] }],
        },
      },
    })
    expect(await rows.updateOne({ _id: 1 as never }, { $set: { a: 2 } })).toMatchObject({ modifiedCount: 1 })
    await shop.command({ collMod: 'rows', validationLevel: 'strict' })
    await expect(rows.updateOne({ _id: 1 as never }, { $set: { a: 3 } })).rejects.toMatchObject({ code: 121 })
  })

  it('lists images as an option of a collection while they are kept', async () => {
    const listed = async (): Promise<unknown> => (await shop.listCollections({ name: 'rows' }).toArray())[0]
    await shop.command({ collMod: 'rows', changeStreamPreAndPostImages: { enabled: true } })
    expect(await listed()).toMatchObject({ options: { changeStreamPreAndPostImages: { enabled: true } } })
    await shop.command({ collMod: 'rows', changeStreamPreAndPostImages: { enabled: false } })
    expect(await listed()).toMatchObject({ options: {} })
    expect(await listed()).not.toHaveProperty('options.changeStreamPreAndPostImages')
  })

  it.each<[Document, string]>([
    [{ create: 'w', viewOn: 'rows', changeStreamPreAndPostImages: { enabled: true } }, 'not supported on a view'],
    [{ collMod: 'v', validator: { a: 1 } }, 'option not supported on a view: validator'],
    [{ collMod: 'rows', viewOn: 'others' }, 'option only supported on a view: viewOn'],
  ])('refuses %j, which mixes views and collections', async (command, message) => {
    await shop.createCollection('v', { viewOn: 'rows', pipeline: [] })
    await expect(shop.command(command)).rejects.toMatchObject({
      code: 72,
      message: expect.stringContaining(message) as string,
    })
  })

  it.each<[Document, Document]>([
    [{ usersInfo: 1 }, { users: [] }],
    [{ rolesInfo: 1 }, { roles: [] }],
    [{ dropAllUsersFromDatabase: 1 }, { n: 0 }],
    [{ profile: -1 }, { was: 0 }],
    [{ dataSize: 'shop.rows' }, { numObjects: 1 }],
    [{ datasize: 'shop.rows' }, { numObjects: 1 }],
    [{ replSetGetConfig: 1 }, { config: { _id: 'rs0', members: [{ votes: 1 }] } }],
    [{ getDefaultRWConcern: 1 }, { defaultReadConcern: { level: 'local' } }],
    [{ currentOp: 1 }, { inprog: [{ command: { currentOp: 1 } }] }],
    [{ listCommands: 1 }, { commands: { find: { adminOnly: false }, listDatabases: { adminOnly: true } } }],
    [{ fsync: 1 }, { numFiles: 1 }],
  ])('answers %j', async (command, answer) => {
    expect(await database.client.db('admin').command(command)).toMatchObject(answer)
  })

  it('lists the databases of every replica set beside those with collections', async () => {
    const { databases } = await database.client.db().admin().listDatabases({ nameOnly: true })
    expect(databases).toEqual(['admin', 'config', 'local', 'shop'].map((name) => ({ name })))
  })

  it.each([{ fsync: 1, lock: true }, { reIndex: 'rows' }, { dbHash: 1 }])('refuses %j by name', async (command) => {
    await expect(database.client.db('admin').command(command)).rejects.toMatchObject({
      code: 238,
      message: expect.stringContaining('use MONGODB_URI') as string,
    })
  })

  it('makes an index unique in two steps, and names the documents that are in the way', async () => {
    const rows = shop.collection('rows')
    const modify = (index: Document, more: Document = {}) =>
      shop.command({ collMod: 'rows', index: { keyPattern: { a: 1 }, ...index }, ...more })
    await rows.insertMany([
      { _id: 2 as never, a: 1 },
      { _id: 3 as never, a: 2 },
    ])
    await expect(modify({ unique: true })).rejects.toMatchObject({ code: 72 })
    expect(await modify({ prepareUnique: true })).toMatchObject({ prepareUnique_old: false, prepareUnique_new: true })
    await expect(rows.insertOne({ _id: 4 as never, a: 2 })).rejects.toMatchObject({ code: 11000 })
    await expect(rows.updateOne({ a: 2 }, { $set: { a: 1 } })).rejects.toMatchObject({ code: 11000 })
    await rows.updateOne({ _id: 2 as never }, { $set: { other: true } })
    await expect(modify({ unique: true })).rejects.toMatchObject({
      code: 359,
      errorResponse: { violations: [{ ids: [1, 2] }] },
    })
    await rows.deleteOne({ _id: 1 as never })
    expect(await modify({ unique: true }, { dryRun: true })).not.toHaveProperty('unique_new')
    expect(await modify({ unique: true })).toMatchObject({ unique_new: true })
    expect((await rows.indexes()).find(({ name }) => name === 'a_1')).toMatchObject({ unique: true })
    await expect(rows.insertOne({ a: 1 })).rejects.toMatchObject({ code: 11000 })
    expect(await rows.find({ a: { $gte: 0 } }).toArray()).toHaveLength(2)
    expect(await shop.command({ validate: 'rows', full: true })).toMatchObject({ valid: true })
  })
})
