import type { Collection, Document } from 'mongodb'
import { MongoServerError } from 'mongodb'
import { eventually, startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'

jest.setTimeout(60_000)

describe('indexes over the wire', () => {
  let database: TestDatabase
  let people: Collection<Document>

  beforeAll(async () => {
    database = await startTestDatabase()
  })
  afterAll(() => database.stop())
  beforeEach(async () => {
    await database.client.db('test').dropDatabase()
    people = database.client.db('test').collection('people')
    await people.insertMany(
      Array.from({ length: 300 }, (_, i) => ({
        _id: i as never,
        name: `n${String(i).padStart(3, '0')}`,
        age: i % 50,
        city: i % 2 === 0 ? 'lima' : 'cali',
        tags: [`t${i % 7}`, `u${i % 11}`],
      })),
    )
  })

  async function figures(
    filter: Document,
    sort?: Document,
  ): Promise<{ index: string | undefined; keys: number; documents: number; returned: number; sorts: boolean }> {
    const cursor = people.find(filter)
    const explained = await (sort ? cursor.sort(sort as never) : cursor).explain('executionStats')
    const plan = JSON.stringify(explained.queryPlanner.winningPlan)
    const {
      totalKeysExamined: keys,
      totalDocsExamined: documents,
      nReturned: returned,
    } = explained.executionStats as Record<string, number>
    return {
      index: /"indexName":"([^"]+)"/.exec(plan)?.[1],
      keys: keys as number,
      documents: documents as number,
      returned: returned as number,
      sorts: plan.includes('"SORT"'),
    }
  }

  it('answers equality, $in, ranges and prefixes by an index and examines only what it returns', async () => {
    await people.createIndex({ city: 1, age: 1 })
    await people.createIndex({ name: 1 })
    await people.createIndex({ tags: 1 })
    expect(await figures({ city: 'lima', age: 4 })).toEqual({
      index: 'city_1_age_1',
      keys: 6,
      documents: 6,
      returned: 6,
      sorts: false,
    })
    expect(await figures({ city: 'lima', age: { $gte: 10, $lt: 20 } })).toMatchObject({
      index: 'city_1_age_1',
      documents: 30,
      returned: 30,
    })
    expect(await figures({ name: { $in: ['n001', 'n007', 'none'] } })).toMatchObject({
      index: 'name_1',
      documents: 2,
      returned: 2,
    })
    expect(await figures({ name: /^n01/ })).toMatchObject({ index: 'name_1', documents: 10, returned: 10 })
    expect(await figures({ tags: 't3' })).toMatchObject({ index: 'tags_1', documents: 43, returned: 43 })
    expect(await figures({ _id: 7 })).toMatchObject({ index: '_id_', keys: 1, documents: 1 })
    expect(await figures({ $or: [{ name: 'n001' }, { tags: 't3' }] })).toMatchObject({ documents: 44, returned: 44 })
  })

  it('reads an index in order instead of sorting', async () => {
    await people.createIndex({ city: 1, age: -1 })
    expect(await figures({ city: 'cali' }, { age: -1 })).toMatchObject({ index: 'city_1_age_-1', sorts: false })
    expect(await figures({ city: 'cali' }, { age: 1 })).toMatchObject({ sorts: false })
    expect(await figures({}, { city: 1, age: -1 })).toMatchObject({ sorts: false })
    expect(await figures({}, { city: 1, age: 1 })).toMatchObject({ sorts: true })
    const ages = (await people.find({ city: 'cali' }).sort({ age: 1 }).toArray()).map((row) => row.age as number)
    expect(ages).toEqual([...ages].sort((a, b) => a - b))
  })

  it('counts by index entries alone and leaves hidden indexes aside', async () => {
    await people.createIndex({ age: 1 })
    const explained = await people.aggregate([{ $match: { age: { $lt: 10 } } }]).explain('executionStats')
    expect(JSON.stringify(explained)).toContain('"age_1"')
    expect(await people.countDocuments({ age: { $lt: 10 } })).toBe(60)
    await database.client.db('test').command({ collMod: 'people', index: { name: 'age_1', hidden: true } })
    expect(await figures({ age: 4 })).toMatchObject({ index: undefined, documents: 300 })
  })

  it('keeps unique, sparse, partial and collated indexes to their meaning', async () => {
    await people.createIndex({ nick: 1 }, { unique: true, sparse: true })
    await people.createIndex({ mail: 1 }, { unique: true, partialFilterExpression: { active: true } })
    await people.createIndex({ name: 1 }, { name: 'folded', unique: true, collation: { locale: 'en', strength: 2 } })
    await people.insertMany([
      { mail: 'x', active: false, name: 'p' },
      { mail: 'x', active: false, name: 'q' },
      { mail: 'x', active: true, name: 'r' },
    ])
    await expect(people.insertOne({ mail: 'x', active: true, name: 's' })).rejects.toThrow(
      'mail_1 dup key: { mail: "x" }',
    )
    await expect(people.insertOne({ name: 'P' })).rejects.toThrow('folded')
    expect((await people.findOne({ name: 'R' }, { collation: { locale: 'en', strength: 2 } }))?.mail).toBe('x')
    expect(await people.findOne({ name: 'R' })).toBeNull()
    expect(await figures({ mail: 'x', active: true })).toMatchObject({ index: 'mail_1', documents: 1 })
    expect(await figures({ mail: 'x' })).toMatchObject({ index: undefined, returned: 3 })
  })

  it('shows sparse and background as they were given, and takes an index with others of them for the same', async () => {
    await people.createIndex({ nick: 1 }, { background: false, sparse: false, unique: false, hidden: false })
    await people.createIndex({ nick: 1 }, { background: true })
    expect((await people.indexes())[1]).toEqual({
      v: 2,
      key: { nick: 1 },
      name: 'nick_1',
      background: false,
      sparse: false,
    })
  })

  it('reports a duplicate with the key, its pattern and the server text, and stores nothing of it', async () => {
    await people.createIndex({ city: 1, name: 1 }, { unique: true })
    const error = await people.insertOne({ city: 'lima', name: 'n000' }).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(MongoServerError)
    expect(error).toMatchObject({
      code: 11000,
      keyPattern: { city: 1, name: 1 },
      keyValue: { city: 'lima', name: 'n000' },
      errmsg:
        'E11000 duplicate key error collection: test.people index: city_1_name_1 dup key: { city: "lima", name: "n000" }',
    })
    await expect(people.updateOne({ _id: 2 as never }, { $set: { name: 'n000' } })).rejects.toMatchObject({
      code: 11000,
    })
    expect(await people.countDocuments({})).toBe(300)
    await expect(people.createIndex({ city: 1 }, { unique: true })).rejects.toMatchObject({ code: 11000 })
    expect((await people.indexes()).map((index) => index.name)).toEqual(['_id_', 'city_1_name_1'])
    expect(await database.client.db('test').command({ validate: 'people' })).toMatchObject({ valid: true, errors: [] })
  })

  it('builds an index under writers without missing any of their documents', async () => {
    let stop = false
    const writers = Promise.all(
      [1, 2, 3].map(async (writer) => {
        for (let i = 0; !stop; i++) {
          await people.insertOne({ name: `w${writer}-${i}`, age: 100 + writer })
          if (i % 3 === 0) await people.updateOne({ name: `w${writer}-${i}` }, { $set: { age: 200 } })
          if (i % 5 === 0) await people.deleteOne({ name: `w${writer}-${i}` })
        }
      }),
    )
    await people.insertMany(Array.from({ length: 5000 }, (_, i) => ({ name: `b${i}`, age: i })))
    await people.createIndex({ age: 1, name: 1 })
    stop = true
    await writers
    expect(await database.client.db('test').command({ validate: 'people' })).toMatchObject({ valid: true, errors: [] })
    expect(await figures({ age: 200 })).toMatchObject({ index: 'age_1_name_1' })
  })

  it('removes documents past their time by a TTL index', async () => {
    await database.client.db('admin').command({ setParameter: 1, ttlMonitorSleepSecs: 1 })
    const sessions = database.client.db('test').collection('sessions')
    await sessions.createIndex({ at: 1 }, { expireAfterSeconds: 60 })
    await sessions.insertMany([
      { k: 'old', at: new Date(Date.now() - 120_000) },
      { k: 'old in a list', at: [new Date(), new Date(Date.now() - 120_000)] },
      { k: 'new', at: new Date() },
      { k: 'no date', at: 5 },
      { k: 'none' },
    ])
    await eventually(async () => (await sessions.countDocuments({})) === 3)
    expect((await sessions.find({}).toArray()).map((row) => row.k as string)).toEqual(['new', 'no date', 'none'])
  })

  it('reads one of many values that begin alike and are longer than a key', async () => {
    const value = (i: number): string => `${'long '.repeat(500)}${i}`
    await people.deleteMany({})
    await people.insertMany(
      Array.from({ length: 20 }, (_, i) => ({ _id: value(i) as never, name: value(i), age: i % 2, city: value(i) })),
    )
    await people.createIndex({ age: 1, name: 1 })
    await people.createIndex({ city: -1 })
    expect(await figures({ _id: value(3) })).toMatchObject({ keys: 1, documents: 1, returned: 1 })
    expect(await figures({ age: 1, name: { $in: [value(3), value(4), value(5)] } })).toMatchObject({ returned: 2 })
    expect(await figures({ age: 1, name: value(3) })).toMatchObject({ keys: 1, returned: 1 })
    expect(await figures({ age: 1, name: { $gte: value(5) } })).toMatchObject({ returned: 3 })
    expect(await figures({ city: value(7) })).toMatchObject({ index: 'city_-1', returned: 1 })
    await expect(people.insertOne({ _id: value(3) as never })).rejects.toMatchObject({ code: 11000 })
  })
})
