import { Binary, Long } from 'bson'
import type { Document } from 'bson'
import { PerformanceObserver } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { startInProcess } from '../testing/in-process.ts'
import { turnsDuring } from '../testing/turns.ts'

const ROWS = 20_000

/** Processor time of this thread (ms), which other work on the machine does not lengthen. */
function processorTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

interface Slices {
  total: number
  longest: number
  /** Time that went to garbage, most of it that of the specs before. */
  collecting: number
  reply: Document
}

/** Runs a command, and says how long it took and how long others had to wait for their turn at most (ms). */
async function slicesOf(action: () => Promise<Document>): Promise<Slices> {
  let collecting = 0
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collecting += duration
  })
  collections.observe({ type: 'gc' })
  let longest = 0
  let going = true
  const start = processorTime()
  let last = start
  const turn = (): void => {
    const now = processorTime()
    longest = Math.max(longest, now - last)
    last = now
    if (going) setImmediate(turn)
  }
  setImmediate(turn)
  const reply = await action()
  going = false
  await new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)))
  const total = processorTime() - start
  // They are told some turns later.
  await delay(10)
  collections.disconnect()
  return { total, longest, collecting, reply }
}

describe('a command that takes long', () => {
  const database = startInProcess()
  const transaction = {
    lsid: { id: new Binary(Buffer.alloc(16, 9), Binary.SUBTYPE_UUID) },
    txnNumber: Long.fromNumber(1),
    autocommit: false,
  }

  const fresh = Array.from({ length: ROWS }, (_, i) => ({ _id: ROWS + i, n: i, text: `more ${i}` }))

  beforeAll(async () => {
    const documents = Array.from({ length: ROWS }, (_, i) => ({
      _id: i,
      n: (i * 7919) % ROWS,
      text: `text ${(i * 7907) % ROWS}`,
    }))
    await database.command({ insert: 'rows', documents, $db: 'test' })
    await database.command({ insert: 'few', documents: documents.slice(0, 4), $db: 'test' })
  })
  afterAll(() => database.stop())

  it.each<[string, Document]>([
    ['a sort without an index', { find: 'rows', sort: { text: 1 }, batchSize: 1 }],
    ['a sort that is cut far down', { find: 'rows', sort: { text: 1 }, skip: 5000, limit: 2000, batchSize: 1 }],
    ['a sorted result that is projected', { find: 'rows', sort: { n: 1 }, projection: { text: 1 }, batchSize: ROWS }],
    ['distinct values', { distinct: 'rows', key: 'text' }],
    [
      'a running sum',
      {
        aggregate: 'rows',
        pipeline: [
          {
            $setWindowFields: {
              sortBy: { n: 1 },
              output: { sum: { $sum: '$n' }, before: { $shift: { output: '$n', by: -1 } } },
            },
          },
          { $match: { before: -5 } },
        ],
        cursor: {},
      },
    ],
    [
      'an update of everything in a transaction',
      {
        update: 'rows',
        updates: [{ q: {}, u: { $inc: { n: 1 } }, multi: true }],
        ...transaction,
        startTransaction: true,
      },
    ],
    ['an insert in a transaction', { insert: 'rows', documents: fresh, ...transaction }],
    ['a sort in a transaction that wrote', { find: 'rows', sort: { n: -1 }, batchSize: 1, ...transaction }],
  ])('lets others have their turn: %s', async (_, command) => {
    const { total, longest, collecting, reply } = await slicesOf(() => database.command({ ...command, $db: 'test' }))
    expect(reply).toMatchObject({ ok: 1 })
    // In one go it would be most of the work; a collection of garbage falls into some slice.
    expect(longest - collecting).toBeLessThan(total / 3)
  })

  it('lets others have their turn: a count of what an index says', async () => {
    const documents = Array.from({ length: ROWS }, (_, k) => ({ k }))
    await database.command({ createIndexes: 'counted', indexes: [{ key: { k: 1 }, name: 'k' }], $db: 'test' })
    await database.command({ insert: 'counted', documents, $db: 'test' })
    const counted = { count: 'counted', query: { k: { $gte: 0 } }, $db: 'test' }
    const { turns, result: reply } = await turnsDuring(() => database.command(counted))
    expect(reply).toMatchObject({ n: ROWS })
    expect(turns).toBeGreaterThanOrEqual(2)
  })

  it('lets others have their turn: a search among what its transaction has removed', async () => {
    const documents = Array.from({ length: ROWS }, (_, k) => ({ k }))
    const own = { ...transaction, txnNumber: Long.fromNumber(2), $db: 'test' }
    await database.command({ createIndexes: 'gone', indexes: [{ key: { k: 1 }, name: 'k' }], $db: 'test' })
    await database.command({ insert: 'gone', documents, $db: 'test' })
    await database.command({ delete: 'gone', deletes: [{ q: {}, limit: 0 }], ...own, startTransaction: true })
    for (const filter of [{ other: 1 }, { k: { $gte: 0 } }]) {
      const { turns, result: reply } = await turnsDuring(() => database.command({ find: 'gone', filter, ...own }))
      expect(reply).toMatchObject({ ok: 1, cursor: { firstBatch: [] } })
      expect(turns).toBeGreaterThanOrEqual(10)
    }
  })

  it('lets others have their turn: a commit beside the build of an index that it changes', async () => {
    const changed = 20
    const list = Array.from({ length: 500 }, (_, i) => `item ${i}`)
    const documents = Array.from({ length: 2 * changed }, (_, _id) => ({ _id, list }))
    const updates = [{ q: {}, u: { $push: { list: 'new' } }, multi: true }]
    const own = { ...transaction, txnNumber: Long.fromNumber(3), $db: 'test' }
    await database.command({ insert: 'built', documents, $db: 'test' })
    const written = await database.command({ update: 'built', updates, ...own, startTransaction: true })
    expect(written).toMatchObject({ nModified: 2 * changed })
    const indexes = [{ key: { list: 1 }, name: 'list' }]
    const build = database.command({ createIndexes: 'built', indexes, $db: 'test' })
    const { collections } = database.server.engine.catalogue
    const passed = (): number => collections.get('test.built')?.indexes[1]?.builtThrough ?? 0
    while (passed() < changed) await new Promise<void>((resolve) => setImmediate(resolve))
    const commit = { commitTransaction: 1, ...own, $db: 'admin' }
    const { turns, result: reply } = await turnsDuring(() => database.command(commit))
    expect(reply).toMatchObject({ ok: 1 })
    // The build has not come to this one yet.
    const last = { q: { _id: 2 * changed - 1 }, u: { $set: { list: [] } } }
    expect(await database.command({ update: 'built', updates: [last], $db: 'test' })).toMatchObject({ nModified: 1 })
    expect(await build).toMatchObject({ ok: 1 })
    const count = { count: 'built', query: { list: 'new' }, hint: 'list', $db: 'test' }
    expect(await database.command(count)).toMatchObject({ n: 2 * changed - 1 })
    expect(await database.command({ validate: 'built', $db: 'test' })).toMatchObject({ valid: true })
    expect(turns).toBeGreaterThanOrEqual(3)
  })

  const input = { $range: [0, { $add: [50_000, '$_id'] }] }
  const slow = { $reduce: { input, initialValue: 0, in: { $add: ['$$value', '$$this'] } } }
  it('lets others have their turn between documents that each take long: a bucket', async () => {
    const pipeline = [
      { $bucketAuto: { groupBy: '$_id', buckets: 1, output: { a: { $sum: slow }, b: { $sum: slow } } } },
    ]
    const { turns, result: reply } = await turnsDuring(() =>
      database.command({ aggregate: 'few', pipeline, cursor: {}, $db: 'test' }),
    )
    expect(reply).toMatchObject({ ok: 1 })
    expect(turns).toBeGreaterThanOrEqual(8)
  })

  it.each<[string, Document]>([
    ['a find', { find: 'few', filter: { $expr: { $lt: [slow, 0] } } }],
    ['a count', { count: 'few', query: { $expr: { $lt: [slow, 0] } } }],
    ['a projection', { aggregate: 'few', pipeline: [{ $skip: 1 }, { $project: { slow } }], cursor: {} }],
    ['a later $match', { aggregate: 'few', pipeline: [{ $skip: 1 }, { $match: { $expr: slow } }], cursor: {} }],
    [
      'an update',
      { update: 'few', updates: [{ q: { $expr: { $lt: [slow, 0] } }, u: { $set: { x: 1 } }, multi: true }] },
    ],
    ['a removal', { delete: 'few', deletes: [{ q: { $expr: { $lt: [slow, 0] } }, limit: 1 }] }],
    ['a group', { aggregate: 'few', pipeline: [{ $group: { _id: slow } }], cursor: {} }],
  ])('ends at its limit between documents that each take long: %s', async (_, command) => {
    expect(await database.command({ ...command, maxTimeMS: 1, $db: 'test' })).toMatchObject({ ok: 0, code: 50 })
  })
})
