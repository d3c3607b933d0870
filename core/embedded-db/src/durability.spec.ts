import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import type { ChangeStreamDocument } from 'mongodb'
import { startEmbedded } from './index.ts'

const ROUNDS = Number(process.env.EMBEDDED_DB_CRASH_ROUNDS ?? 3)
const WRITERS = 8

const children = new Set<ChildProcess>()

interface Running {
  child: ChildProcess
  uri: string
}

function start(folder: string): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--dir', folder, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'test' },
  })
  children.add(child)
  child.on('exit', () => children.delete(child))
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const uri = /ready on (\S+)/.exec(text)?.[1]
      if (uri) resolve({ child, uri })
    })
    child.on('exit', (code) => reject(new Error(`the database ended with ${code ?? 'a signal'} before it was ready`)))
  })
}

async function kill({ child }: Running, signal: NodeJS.Signals): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  child.kill(signal)
  return ended
}

/** What the writers were told is stored. */
interface Acknowledged {
  documents: Set<string>
  transfers: Set<string>
  increments: number[]
  /** Increments whose answer the crash swallowed: they may or may not be there. */
  unsure: number[]
}

async function write(
  uri: string,
  writer: number,
  round: number,
  told: Acknowledged,
  stopped: () => boolean,
): Promise<void> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: 500, retryWrites: true })
  const db = client.db('crash')
  try {
    for (let i = 0; !stopped(); i++) {
      const _id = `${round}-${writer}-${i}`
      await db
        .collection<{ _id: string }>('documents')
        .insertOne({ _id, writer, text: 'x'.repeat(i % 300), tags: [i, i + 1] } as never)
      told.documents.add(_id)
      told.unsure[writer] = (told.unsure[writer] ?? 0) + 1
      await db.collection<{ _id: number }>('counters').updateOne({ _id: writer }, { $inc: { n: 1 } }, { upsert: true })
      told.unsure[writer] -= 1
      told.increments[writer] = (told.increments[writer] ?? 0) + 1
      if (i % 3 !== 0) continue
      // Not withTransaction, which would try again for two minutes after the crash.
      await client.withSession(async (session) => {
        session.startTransaction()
        await db.collection<{ _id: string }>('left').insertOne({ _id }, { session })
        await db.collection<{ _id: string }>('right').insertOne({ _id }, { session })
        await session.commitTransaction()
      })
      told.transfers.add(_id)
    }
  } catch (error) {
    if (!stopped()) throw error
  } finally {
    await client.close()
  }
}

describe('a database that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-db-crash-'))
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  it('keeps every acknowledged write, whole transactions and right indexes, and streams resume', async () => {
    const told: Acknowledged = { documents: new Set(), transfers: new Set(), increments: [], unsure: [] }
    const seen: string[] = []
    let token: unknown
    for (let round = 0; round < ROUNDS; round++) {
      const running = await start(folder)
      const client = await new MongoClient(running.uri, { serverSelectionTimeoutMS: 1000 }).connect()
      if (round === 0) {
        await client
          .db('crash')
          .collection('documents')
          .createIndexes([{ key: { writer: 1, text: 1 } }, { key: { tags: 1 } }])
        // A collection made while a transaction is open makes it start again, which is not what this is about.
        for (const name of ['left', 'right']) await client.db('crash').createCollection(name)
      }
      const stream = client
        .db('crash')
        .collection('documents')
        .watch([], { maxAwaitTimeMS: 100, ...(token ? { resumeAfter: token } : {}) })
      let stopped = false
      const reading = (async () => {
        for (;;) {
          const event = (await stream.tryNext()) as (ChangeStreamDocument & { documentKey?: { _id: unknown } }) | null
          if (event?.operationType === 'insert') seen.push(String(event.documentKey._id))
          if (event) token = event._id
        }
      })().catch((error: unknown) => error)
      const writers = Array.from({ length: WRITERS }, (_, writer) =>
        write(running.uri, writer, round, told, () => stopped),
      )
      await new Promise((resolve) => setTimeout(resolve, 400 + round * 250))
      stopped = true
      await kill(running, 'SIGKILL')
      await Promise.all(writers)
      await reading
      await stream.close()
      await client.close()
    }
    const running = await start(folder)
    const client = await new MongoClient(running.uri, { serverSelectionTimeoutMS: 1000 }).connect()
    const db = client.db('crash')
    const ids = async (name: string): Promise<string[]> =>
      (
        await db
          .collection(name)
          .find({}, { projection: { _id: 1 } })
          .toArray()
      ).map((row) => String(row._id))
    const stored = new Set(await ids('documents'))
    expect([...told.documents].filter((id) => !stored.has(id))).toEqual([])
    const [left, right] = [await ids('left'), await ids('right')]
    expect(left.sort()).toEqual(right.sort())
    expect([...told.transfers].filter((id) => !left.includes(id))).toEqual([])
    for (const { _id, n } of await db.collection<{ _id: number; n: number }>('counters').find({}).toArray()) {
      const certain = told.increments[_id] ?? 0
      expect(n).toBeGreaterThanOrEqual(certain)
      expect(n).toBeLessThanOrEqual(certain + (told.unsure[_id] ?? 0))
    }
    for (const name of ['documents', 'left', 'right', 'counters'])
      expect(await db.command({ validate: name })).toMatchObject({ valid: true, errors: [] })
    const stream = db.collection('documents').watch([], { resumeAfter: token, maxAwaitTimeMS: 100 })
    for (let idle = 0; idle < 3;) {
      const event = (await stream.tryNext()) as { operationType?: string; documentKey?: { _id: unknown } } | null
      if (event?.operationType === 'insert') seen.push(String(event.documentKey?._id))
      idle = event ? 0 : idle + 1
    }
    expect(seen).toHaveLength(new Set(seen).size)
    expect([...stored].filter((id) => !seen.includes(id))).toEqual([])
    expect(told.documents.size).toBeGreaterThan(50)
    await client.close()
    expect(await kill(running, 'SIGTERM')).toBe(0)
  }, 120_000)

  it('refuses a second process on its folder and starts after a crash left the lock', async () => {
    const running = await start(folder)
    await expect(startEmbedded({ path: folder })).rejects.toThrow(/in use by process \d+/)
    await kill(running, 'SIGKILL')
    const database = await startEmbedded({ path: folder })
    await database.stop()
  }, 60_000)

  it('listens on a private Unix socket', async () => {
    const socket = join(folder, 'db.sock')
    const database = await startEmbedded({ memory: true, socket })
    const client = await new MongoClient(database.uri).connect()
    await client.withSession((session) =>
      session.withTransaction(() => client.db('x').collection('y').insertOne({ a: 1 }, { session })),
    )
    expect(await client.db('x').collection('y').countDocuments({})).toBe(1)
    await client.close()
    await database.stop()
    await expect(startEmbedded({ memory: true, host: '0.0.0.0' })).rejects.toThrow('loopback only')
  })
})
