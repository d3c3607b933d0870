import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Document, MongoServerError } from 'mongodb'
import { refused } from './commands/refused.ts'
import { OPLOG_LIMIT } from './engine/oplog-bound.ts'
import { STATED_BYTES } from './engine/data-size.ts'
import { startTestDatabase } from './testing/database.ts'
import type { TestDatabase } from './testing/database.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/embedded-db.md'), 'utf8')
const rows = [...page.matchAll(/^\| (.+?) +\| `(\{.+\})` *\| (\d+) *\|$/gm)].map(
  ([, feature, command, code]) => [feature as string, command as string, Number(code)] as const,
)

describe('the page of limits', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await startTestDatabase()
    await database.client.db('limits').createCollection('c')
  })
  afterAll(() => database.stop())

  it.each(rows)('%s is refused as it says', async (_feature, command, code) => {
    const name = Object.keys(JSON.parse(command) as Document)[0] as string
    const db = database.client.db(
      /^(replSet|saslStart)/.test(name) ? 'admin' : command.includes('oplog.rs') ? 'local' : 'limits',
    )
    const error = await db.command(JSON.parse(command) as Document).then(
      () => undefined,
      (refusal: MongoServerError) => refusal,
    )
    expect(error).toMatchObject({ code })
    expect(error?.message).toContain('MONGODB_URI')
    if (code === 238) expect(error?.codeName).toBe('NotImplemented')
  })

  it('names every feature whose commands are refused', () => {
    expect(rows.length).toBeGreaterThan(20)
    const told = new Set(rows.map(([, command]) => Object.keys(JSON.parse(command) as Document)[0]))
    const features = new Map(refused.map(({ name, run }) => [name, messageOf(run)]))
    const messages = new Set([...told].map((name) => features.get(name ?? '')))
    // One command stands for all that are refused for the same feature.
    expect([...features].filter(([, message]) => !messages.has(message))).toEqual([])
  })

  it('states the sizes that are built in', () => {
    expect(page).toContain(`**${STATED_BYTES / 2 ** 30} GB**`)
    expect(page).toContain(`The oplog keeps ${OPLOG_LIMIT / 2 ** 20} MB`)
  })
})

function messageOf(run: (context: never) => unknown): string {
  try {
    run(undefined as never)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('a refused command ran')
}
