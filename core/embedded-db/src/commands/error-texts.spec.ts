import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'

describe('the text of an error', () => {
  const database = startInProcess()
  const send = (body: Document): Promise<Document> => database.command({ ...body, $db: 'test' })

  beforeAll(async () => {
    await send({ createIndexes: 'people', indexes: [{ key: { mail: 1 }, name: 'mail_1', unique: true }] })
    const documents = [
      { _id: 1, mail: 'a', n: 0, list: [1] },
      { _id: 2, mail: 'b', n: 1 },
    ]
    await send({ insert: 'people', documents })
    const collation = { locale: 'en', strength: 2 }
    await send({ createIndexes: 'towns', indexes: [{ key: { n: 1 }, name: 'n_1', unique: true, collation }] })
    await send({ insert: 'towns', documents: [{ _id: 1, n: 'Lima' }, { _id: 2 }] })
  })
  afterAll(() => database.stop())

  const aggregate = (...pipeline: Document[]): Document => ({ aggregate: 'people', pipeline, cursor: {} })
  const update = (u: Document, more: Document = {}): Document => ({
    findAndModify: 'people',
    query: { _id: 2 },
    update: u,
    ...more,
  })

  it.each<[string, Document, number, string]>([
    [
      'a duplicate key of findAndModify',
      update({ $set: { mail: 'a' } }),
      11000,
      'Plan executor error during findAndModify :: caused by :: E11000 duplicate key error collection: test.people index: mail_1 dup key: { mail: "a" }',
    ],
    [
      'an operand that findAndModify meets',
      update({ $inc: { mail: 1 } }),
      14,
      "Plan executor error during findAndModify :: caused by :: Cannot apply $inc to a value of non-numeric type. {_id: 2} has the field 'mail' of non-numeric type string",
    ],
    [
      'an update that cannot be read',
      update({ $foo: { a: 1 } }),
      9,
      'Unknown modifier: $foo. Expected a valid update modifier or pipeline-style update specified as an array',
    ],
    [
      'an array filter that is missing',
      update({ $set: { 'list.$[x]': 1 } }),
      2,
      "No array filter found for identifier 'x' in path 'list.$[x]'",
    ],
    [
      'an array filter that is not used',
      update({ $set: { n: 1 } }, { arrayFilters: [{ x: 1 }] }),
      9,
      "The array filter for identifier 'x' was not used in the update { $set: { n: 1 } }",
    ],
    [
      'an expression on a document',
      aggregate({ $project: { a: { $divide: [1, '$n'] } } }),
      2,
      "PlanExecutor error during aggregation :: caused by :: can't $divide by zero",
    ],
    [
      'a duplicate key under a collation',
      { ...update({ $set: { n: 'LIMA' } }), findAndModify: 'towns' },
      11000,
      'Plan executor error during findAndModify :: caused by :: E11000 duplicate key error collection: test.towns index: n_1 collation: { locale: "en", caseLevel: false, caseFirst: "off", strength: 2, numericOrdering: false, alternate: "non-ignorable", maxVariable: "punct", normalization: false, backwards: false, version: "57.1" } dup key: { n: "LIMA" }',
    ],
    [
      'a count by nothing',
      aggregate({ $sortByCount: 1 }),
      40149,
      'the sortByCount field must be specified as a string or as an object',
    ],
    [
      'a count by an object that is no expression',
      aggregate({ $sortByCount: { a: 1 } }),
      40147,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    ],
    ['a field without a name', aggregate({ $unset: '' }), 40352, 'FieldPath cannot be constructed with empty string'],
    ['a sample of no size', aggregate({ $sample: {} }), 28749, '$sample stage must specify a size'],
    ['a sample of more', aggregate({ $sample: { size: 1, of: 2 } }), 28748, 'unrecognized option to $sample: of'],
    ['a stage that is none', aggregate({ $foo: 1 }), 40324, "Unrecognized pipeline stage name: '$foo'"],
    [
      'a merge that meets a document',
      aggregate({ $merge: { into: 'people', whenMatched: 'fail' } }),
      11000,
      'PlanExecutor error during aggregation :: caused by :: E11000 duplicate key error collection: test.people index: _id_ dup key: { _id: 1 }',
    ],
    [
      'an expression in a find',
      { find: 'people', filter: { $expr: { $eq: [{ $divide: [1, '$n'] }, 1] } } },
      2,
      "Executor error during find command: test.people :: caused by :: can't $divide by zero",
    ],
    [
      'an index key of 0',
      { createIndexes: 'people', indexes: [{ key: { a: 0 }, name: 'zero' }] },
      67,
      'Values in the index key pattern cannot be 0.',
    ],
    [
      'an index key of another type',
      { createIndexes: 'people', indexes: [{ key: { a: true }, name: 'yes' }] },
      67,
      'Values in v:2 index key pattern cannot be of type bool. Only numbers > 0, numbers < 0, and strings are allowed.',
    ],
    [
      'an index of other options',
      { createIndexes: 'people', indexes: [{ key: { mail: 1 }, name: 'mail_1', unique: true, expireAfterSeconds: 5 }] },
      85,
      'An equivalent index already exists with the same name but different options. Requested index: { v: 2, key: { mail: 1 }, name: "mail_1", unique: true, expireAfterSeconds: 5 }, existing index: { v: 2, key: { mail: 1 }, name: "mail_1", unique: true }',
    ],
    [
      'an index of another name and other options',
      { createIndexes: 'people', indexes: [{ key: { mail: 1 }, name: 'm', unique: true, expireAfterSeconds: 5 }] },
      85,
      'An equivalent index already exists with a different name and options. Requested index: { v: 2, key: { mail: 1 }, name: "m", unique: true, expireAfterSeconds: 5 }, existing index: { v: 2, key: { mail: 1 }, name: "mail_1", unique: true }',
    ],
    [
      'an index whose name another one has',
      { createIndexes: 'people', indexes: [{ key: { n: -1 }, name: 'mail_1' }] },
      86,
      'An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: { v: 2, key: { n: -1 }, name: "mail_1" }, existing index: { v: 2, key: { mail: 1 }, name: "mail_1", unique: true }',
    ],
    [
      'a variable that reads a field',
      { ...aggregate({ $match: {} }), let: { x: { $add: ['$n', 1] } } },
      4890500,
      'Command let Expression tried to access a field, but this is not allowed because Command let Expressions run before the query examines any documents.',
    ],
    [
      'a pipeline of a database that needs a collection',
      { ...aggregate({ $match: {} }), aggregate: 1 },
      73,
      "{aggregate: 1} is not valid for '$match'; a collection is required.",
    ],
    [
      'no pipeline of a database',
      { ...aggregate(), aggregate: 1 },
      73,
      '{aggregate: 1} is not valid for an empty pipeline.',
    ],
    [
      'a $merge by a field that is an array',
      aggregate({ $project: { _id: ['$_id'] } }, { $merge: 'towns' }),
      51185,
      "PlanExecutor error during aggregation :: caused by :: $merge write error: 'on' field '_id' is an array",
    ],
    [
      'a $merge by fields that are not unique',
      aggregate({ $merge: { into: 'towns', on: 'k' } }),
      51183,
      'Cannot find index to verify that join fields will be unique',
    ],
  ])('is that of MongoDB for %s', async (_, command, code, errmsg) => {
    expect(await send(command)).toMatchObject({ ok: 0, code, errmsg })
  })

  it('is that of MongoDB for more distinct values than one document holds', async () => {
    const documents = Array.from({ length: 1700 }, (_, i) => ({ s: `${i}`.padStart(10_000) }))
    await send({ insert: 'long', documents })
    expect(await send({ distinct: 'long', key: 's' })).toMatchObject({
      ok: 0,
      code: 17217,
      errmsg: 'distinct too big, 16mb cap',
    })
    expect(await send({ distinct: 'long', key: 's', query: { s: { $lt: '9'.padStart(10_000) } } })).toMatchObject({
      ok: 1,
    })
  })

  it('says which index build failed, and at which arrays', async () => {
    await send({
      insert: 'shops',
      documents: [
        { _id: 1, tags: ['a'], stock: [{ n: 1 }] },
        { _id: 2, tags: ['a'] },
      ],
    })
    const indexes = [{ key: { tags: 1 }, name: 'tags_1', unique: true }]
    const build = /^Index build failed: [-0-9a-f]{36}: Collection test.shops \( [-0-9a-f]{36} \) :: caused by :: /
    const duplicate = await send({ createIndexes: 'shops', indexes })
    expect(duplicate).toMatchObject({ code: 11000, keyPattern: { tags: 1 }, keyValue: { tags: 'a' } })
    expect(duplicate.errmsg).toMatch(build)
    expect(duplicate.errmsg).toContain(':: E11000 duplicate key error collection: test.shops index: tags_1 dup key:')
    const parallel = await send({ createIndexes: 'shops', indexes: [{ key: { tags: 1, 'stock.n': 1 }, name: 'both' }] })
    expect(parallel).toMatchObject({ code: 171 })
    expect(parallel.errmsg).toMatch(build)
    expect(parallel.errmsg).toMatch(/ :: cannot index parallel arrays \[stock\] \[tags\]$/)
  })

  it('says what a getMore was doing', async () => {
    const filter = { $expr: { $gt: [{ $divide: [1, { $subtract: ['$n', 1] }] }, -5] } }
    const { cursor } = (await send({ find: 'people', filter, batchSize: 1 })) as { cursor: Document }
    expect(await send({ getMore: cursor.id as unknown, collection: 'people' })).toMatchObject({
      code: 2,
      errmsg: "Executor error during getMore :: caused by :: can't $divide by zero",
    })
  })
})
