import type { Document } from 'mongodb'
import { startTestDatabase } from '../testing/database.ts'
import type { TestDatabase } from '../testing/database.ts'

jest.setTimeout(60_000)

/** The command's name is its first field. */
function namedFirst(given: Document): Document {
  const api = Object.entries(given).filter(([field]) => field.startsWith('api'))
  return Object.fromEntries([...Object.entries(given).filter(([field]) => !field.startsWith('api')), ...api])
}

describe('the declared API version', () => {
  let database: TestDatabase

  beforeAll(async () => {
    database = await startTestDatabase()
    await database.client.db('shop').collection('rows').insertOne({ x: 1 })
  })
  afterAll(() => database.stop())

  const version = { apiVersion: '1' }
  const strict = { apiVersion: '1', apiStrict: true }

  it.each([
    ['a command of the version', { ...strict, find: 'rows' }],
    ['a count by $collStats', { ...strict, aggregate: 'rows', pipeline: [{ $collStats: { count: {} } }], cursor: {} }],
    ['any command when not strict', { ...version, distinct: 'rows', key: 'x' }],
    ['a deprecated command unless told otherwise', { ...version, testDeprecation: 1 }],
  ])('allows %s', async (_, command) => {
    expect(await database.client.db('shop').command(namedFirst(command))).toMatchObject({ ok: 1 })
  })

  it.each([
    ['another version', { apiVersion: '2', find: 'rows' }, 322, 'API version must be "1"'],
    ['strictness without a version', { apiStrict: true, find: 'rows' }, 4886600, 'without passing apiVersion'],
    [
      'a command outside it',
      { ...strict, distinct: 'rows', key: 'x' },
      323,
      'command distinct is not in API Version 1',
    ],
    ['a field outside it', { ...strict, find: 'rows', min: { x: 1 } }, 323, "'find.min'"],
    [
      'a stage outside it',
      { ...strict, aggregate: 'rows', pipeline: [{ $indexStats: {} }], cursor: {} },
      323,
      'stage $indexStats is not allowed',
    ],
    [
      'a stage outside it in a joined pipeline',
      {
        ...strict,
        aggregate: 'rows',
        pipeline: [{ $unionWith: { coll: 'rows', pipeline: [{ $planCacheStats: {} }] } }],
        cursor: {},
      },
      323,
      'stage $planCacheStats',
    ],
    [
      'an index option outside it',
      { ...strict, createIndexes: 'rows', indexes: [{ key: { x: 1 }, name: 'x', sparse: true }] },
      323,
      "'createIndexes.indexes.sparse'",
    ],
    ['what it deprecates', { ...version, apiDeprecationErrors: true, testDeprecation: 1 }, 324, 'is deprecated'],
  ])('refuses %s', async (_, command, code, text) => {
    await expect(database.client.db('shop').command(namedFirst(command))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(text) as string,
    })
  })
})
