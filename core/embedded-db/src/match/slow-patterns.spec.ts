import { inProcessBackend } from '../testing/model/backend.ts'
import { type InProcess, startInProcess } from '../testing/in-process.ts'
import { turnsDuring } from '../testing/turns.ts'

const pattern = { $regex: '(x+x+)+y' }
let database: InProcess
beforeAll(() => {
  database = startInProcess()
})
afterAll(() => database.stop())

const find = (collection: string, filter: object) =>
  inProcessBackend(database).command('slow', { find: collection, filter })
const insert = (into: string, documents: object[]) =>
  inProcessBackend(database).command('slow', { insert: into, documents })

it('a document with thousands of texts that each take a while is searched no longer than one such text', async () => {
  await insert('many', [{ _id: 1, texts: Array.from({ length: 20_000 }, () => 'x'.repeat(16)) }])
  expect(await find('many', { texts: pattern })).toMatchObject({ ok: 0, code: 51156 })
})

it('documents that take a while are searched with turns for others between them', async () => {
  await insert(
    'each',
    Array.from({ length: 300 }, (_, _id) => ({ _id, text: 'x'.repeat(16) })),
  )
  const { turns, result } = await turnsDuring(() => find('each', { text: pattern }))
  expect(result).toMatchObject({ ok: 1 })
  // One for each sixteen, as without patterns, would be twenty.
  expect(turns).toBeGreaterThan(40)
})
