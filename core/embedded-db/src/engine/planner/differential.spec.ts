import { EJSON } from 'bson'
import type { Document } from 'bson'
import fc from 'fast-check'
import { fuzz, fuzzMs } from '../../testing/fuzz.ts'
import { startInProcess } from '../../testing/in-process.ts'
import { collections, indexes, queries } from '../../testing/queries.ts'
import type { RandomQuery } from '../../testing/queries.ts'

const text = (value: unknown): string => EJSON.stringify(value, { relaxed: false })

describe('a query through whatever index the planner takes', () => {
  const database = startInProcess()
  let serial = 0
  let planned = 0
  afterAll(() => database.stop())

  const send = (body: Document): Promise<Document> => database.typed({ ...body, $db: 'plans' })

  async function build(rows: readonly Document[], specs: readonly Document[]): Promise<string> {
    const name = `c${serial++}`
    // Some are refused: a unique index on values that repeat, two arrays in one index. The rest is built over rows that are
    // there, or before them.
    const create = async (part: readonly Document[]): Promise<void> => {
      for (const spec of part) await send({ createIndexes: name, indexes: [{ ...spec, name: `i${text(spec)}` }] })
    }
    await send({ create: name })
    await create(specs.slice(0, 2))
    await send({ insert: name, documents: rows.map((row, _id) => ({ _id, ...row })), ordered: false })
    await create(specs.slice(2))
    return name
  }

  /** The rows as text, or the code of the error. */
  async function find(name: string, query: Document): Promise<string[] | number> {
    const reply = await send({ find: name, ...query, batchSize: 1000 })
    if (Number(reply.ok) !== 1) return Number(reply.code)
    return (reply.cursor as { firstBatch: unknown[] }).firstBatch.map(text)
  }

  async function compare(
    name: string,
    { filter, sort, skip, limit, projection, collation }: RandomQuery,
  ): Promise<void> {
    const by = { filter, ...(collation && { collation }), ...(projection && { projection }) }
    const scanned = { ...by, hint: { $natural: 1 } }
    const [plain, forced] = [await find(name, by), await find(name, scanned)]
    expect(typeof plain === 'number' ? plain : plain.toSorted()).toEqual(
      typeof forced === 'number' ? forced : forced.toSorted(),
    )
    if (sort) {
      // The `_id` last leaves no two rows in doubt.
      const { _id = 1, ...first } = sort
      const ordered = { sort: { ...first, _id }, skip, limit }
      expect(await find(name, { ...by, ...ordered })).toEqual(await find(name, { ...scanned, ...ordered }))
    }
    if (typeof forced === 'number') return
    const counted = await send({ count: name, query: filter, skip, limit, ...(collation && { collation }) })
    const left = Math.max(0, forced.length - skip)
    expect(Number(counted.n)).toBe(limit === 0 ? left : Math.min(limit, left))
    const distinct = async (hint: Document): Promise<string[]> => {
      const reply = await send({ distinct: name, key: 'a', query: filter, ...(collation && { collation }), ...hint })
      // Of values that a collation takes for one, the first that is met stands for all.
      return (reply.values as unknown[]).map((value) => (collation ? '' : text(value))).toSorted()
    }
    expect(await distinct({})).toEqual(await distinct({ hint: { $natural: 1 } }))
    const explained = await send({ explain: { find: name, ...by, ...(sort && { sort }) }, verbosity: 'queryPlanner' })
    if (text(explained).includes('IXSCAN')) planned++
  }

  it(
    'gives what a scan of the collection gives, in the same order',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          collections,
          indexes,
          fc.array(queries, { minLength: 8, maxLength: 8 }),
          async (rows, specs, asked) => {
            const name = await build(rows, specs)
            for (const query of asked) await compare(name, query)
            const checked = await send({ validate: name })
            expect(checked).toMatchObject({ valid: true, errors: [] })
            await send({ drop: name })
          },
        ),
        fuzz(100),
      )
      expect(planned).toBeGreaterThan(100)
    },
    fuzzMs(120_000),
  )
})
