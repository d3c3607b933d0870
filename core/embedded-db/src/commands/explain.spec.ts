import type { Collection, FindCursor, Document } from 'mongodb'
import { startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'

jest.setTimeout(60_000)

describe('explain, and finds that tell how documents were found', () => {
  let database: TestDatabase
  let rows: Collection<Document>

  beforeAll(async () => {
    database = await startTestDatabase()
    rows = database.client.db('shop').collection('rows')
    await rows.insertMany([
      { _id: 1 as never, a: 1, b: 1 },
      { _id: 2 as never, a: 2, b: 1 },
      { _id: 3 as never, a: 3, b: 2 },
    ])
    await rows.createIndex({ a: 1 })
  })
  afterAll(() => database.stop())

  function stagesOf(tree: Document | undefined): string[] {
    return tree ? [tree.stage as string, ...stagesOf(tree.inputStage as Document | undefined)] : []
  }

  const inShop = (command: Document): Promise<Document> => database.client.db('shop').command(command)

  it.each<[string, Document, string[], [number, number]]>([
    ['a find by _id', { find: 'rows', filter: { _id: 1 } }, ['EXPRESS_IXSCAN'], [1, 1]],
    ['a find along _id', { find: 'rows', filter: { a: 1 }, hint: { _id: 1 } }, ['FETCH', 'IXSCAN'], [3, 3]],
    ['a range', { find: 'rows', filter: { a: { $gt: 1 } } }, ['FETCH', 'IXSCAN'], [2, 2]],
    ['a scan', { find: 'rows', filter: { b: 1 }, sort: { b: 1 } }, ['SORT', 'COLLSCAN'], [0, 3]],
    [
      'a page',
      { find: 'rows', sort: { a: -1 }, skip: 1, limit: 1, projection: { a: 1 } },
      ['LIMIT', 'PROJECTION_SIMPLE', 'SKIP', 'FETCH', 'IXSCAN'],
      [2, 2],
    ],
    ['a count by an index', { count: 'rows', query: { a: { $gte: 2 } } }, ['COUNT', 'COUNT_SCAN'], [2, 0]],
    ['a count of all', { count: 'rows' }, ['RECORD_STORE_FAST_COUNT'], [0, 0]],
    [
      'an update',
      { update: 'rows', updates: [{ q: { a: 2 }, u: { $set: { c: 1 } } }] },
      ['UPDATE', 'FETCH', 'IXSCAN'],
      [1, 1],
    ],
    ['a delete', { delete: 'rows', deletes: [{ q: { _id: 2 }, limit: 1 }] }, ['DELETE', 'IDHACK'], [1, 1]],
    [
      'a pipeline that is a find',
      { aggregate: 'rows', pipeline: [{ $match: { a: 2 } }], cursor: {} },
      ['FETCH', 'IXSCAN'],
      [1, 1],
    ],
  ])('%s', async (_, command, stages, [keys, documents]) => {
    const { queryPlanner, executionStats } = await inShop({ explain: command, verbosity: 'executionStats' })
    expect(stagesOf((queryPlanner as Document).winningPlan as Document)).toEqual(stages)
    expect(executionStats).toMatchObject({ totalKeysExamined: keys, totalDocsExamined: documents })
    expect(await rows.countDocuments({ c: 1 })).toBe(0)
    expect(await rows.countDocuments()).toBe(3)
  })

  it('tells of no other plans that it tried, and refuses what is not offered by its name', async () => {
    const explained = await rows.find({ a: 2 }).explain('allPlansExecution')
    expect(explained.executionStats).toMatchObject({ allPlansExecution: [] })
    await expect(inShop({ explain: { mapReduce: 'rows' } })).rejects.toMatchObject({ code: 238 })
  })

  it('shows the stages after the part that reads', async () => {
    const explained = await rows.aggregate([{ $match: { a: 2 } }, { $group: { _id: '$b' } }]).explain()
    expect(explained.stages).toMatchObject([
      { $cursor: { queryPlanner: { winningPlan: { stage: 'FETCH' } } } },
      { $group: { _id: '$b' } },
    ])
  })

  it.each<[Document, string[]]>([
    [{ a: 2 }, ['[2, 2]']],
    [{ a: { $in: [1, 'x'] } }, ['[1, 1]', '["x", "x"]']],
    [{ a: { $gt: 1 } }, ['(1, inf.0]']],
    [{ a: { $lt: 'm' } }, ['["", "m")']],
    [{ a: null }, ['[null, null]']],
  ])('shows the bounds of %j', async (filter, bounds) => {
    const { queryPlanner } = await rows.find(filter).explain('queryPlanner')
    expect((queryPlanner as Document).winningPlan).toMatchObject({ inputStage: { indexBounds: { a: bounds } } })
  })

  it('gives record numbers and index keys', async () => {
    expect(await rows.find({ a: 2 }).showRecordId(true).toArray()).toMatchObject([{ _id: 2, $recordId: 2 }])
    expect(await rows.find({ a: { $gt: 1 } }, { returnKey: true }).toArray()).toEqual([{ a: 2 }, { a: 3 }])
    expect(await rows.find({ b: 2 }, { returnKey: true }).toArray()).toEqual([{}])
    expect(await rows.find({ a: 2 }, { returnKey: true, showRecordId: true }).toArray()).toEqual([{ a: 2 }])
  })

  it.each<[string, Document]>([
    ['of arrays', { key: { list: 1 } }],
    ['with a collation', { key: { list: 1 }, collation: { locale: 'en', strength: 2 } }],
    ['of arrays that some lack', { key: { list: 1 }, sparse: true }],
  ])('reads a hinted index %s, between min and max too', async (_, spec) => {
    const lists = database.client.db('lists').collection<Document & { _id: number }>('lists')
    await lists.drop()
    await lists.insertMany([{ _id: 1, list: [3, 1] }, { _id: 2, list: [2, 5] }, { _id: 3, list: 4 }, { _id: 4 }])
    await lists.createIndex(spec.key as { list: 1 }, { ...spec, name: 'i' } as object)
    const ids = async (find: FindCursor<{ _id: number }>): Promise<number[]> =>
      (await find.toArray()).map(({ _id }) => _id)
    expect(await ids(lists.find({}).hint('i'))).toEqual(spec.sparse ? [1, 2, 3] : [4, 1, 2, 3])
    expect(await ids(lists.find({}).hint('i').min({ list: 2 }).max({ list: 4 }))).toEqual([2, 1])
  })

  it('explains an aggregation that is sent with the option', async () => {
    const pipeline = [{ $match: { a: 1 } }, { $group: { _id: '$b' } }]
    const sent = await inShop({ aggregate: 'rows', pipeline, explain: true })
    expect(sent).not.toHaveProperty('cursor')
    expect(sent).toMatchObject({ command: { aggregate: 'rows', pipeline } })
    const asked = await inShop({ explain: { aggregate: 'rows', pipeline }, verbosity: 'queryPlanner' })
    expect(sent.stages).toEqual(asked.stages)
  })

  it('reads the keys of a hinted index between min and max', async () => {
    const between = rows.find({}).hint({ a: 1 }).min({ a: 2 }).max({ a: 3 })
    expect(await between.toArray()).toMatchObject([{ _id: 2 }])
    for (const [cursor, code] of [
      [rows.find({}).min({ a: 2 }), 51173],
      [rows.find({}).hint({ _id: 1 }).min({ a: 2 }), 51174],
      [rows.find({}).hint({ a: 1 }).min({ a: 3 }).max({ a: 2 }), 51175],
    ] as const)
      await expect(cursor.toArray()).rejects.toMatchObject({ code })
  })
})
