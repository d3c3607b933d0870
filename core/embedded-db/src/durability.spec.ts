import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { startEmbedded } from './index.ts'
import { COMPILED } from './testing/program.ts'

const children = new Set<ChildProcess>()

interface Running {
  child: ChildProcess
  uri: string
}

function start(folder: string, env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--dir', folder, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...COMPILED, NODE_ENV: 'test', ...env },
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

describe('a database that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'embedded-db-crash-'))
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  it('refuses a second process on its folder and starts after a crash left the lock', async () => {
    const running = await start(folder)
    await expect(startEmbedded({ path: folder })).rejects.toThrow(/in use by process \d+/)
    await kill(running, 'SIGKILL')
    const database = await startEmbedded({ path: folder })
    await database.stop()
  }, 60_000)

  it('keeps what was written with j: true after a power loss', async () => {
    const path = join(folder, 'power')
    const running = await start(path)
    const client = await new MongoClient(running.uri).connect()
    const rows = client.db('shop').collection<{ _id: number; text: string }>('rows')
    // Large, so that its flush would still be under way when the process is killed.
    await rows.insertOne({ _id: 1, text: 'x'.repeat(15_000_000) }, { writeConcern: { w: 1, j: true } })
    await kill(running, 'SIGKILL')
    await client.close(true)
    // LMDB goes back to the last commit that it knows to be flushed, as it does when the machine was started anew.
    const again = await start(path, { LMDB_RESTORE: 'safe' })
    const second = await new MongoClient(again.uri).connect()
    expect(await second.db('shop').command({ validate: 'rows' })).toMatchObject({ valid: true, errors: [] })
    expect(await second.db('shop').collection('rows').countDocuments({})).toBe(1)
    await second.close()
    await kill(again, 'SIGTERM')
  }, 60_000)

  it('stops whole in the middle of long writes', async () => {
    const path = join(folder, 'stopped')
    const database = await startEmbedded({ path, durability: 'none' })
    const client = await new MongoClient(database.uri).connect()
    const rows = client.db('long').collection<{ _id: number; n: number }>('rows')
    await rows.insertMany(Array.from({ length: 20_000 }, (_, _id) => ({ _id, n: _id % 100 })))
    const busy = [
      rows.createIndex({ n: 1 }),
      rows.updateMany({}, { $inc: { n: 1 } }),
      rows.insertMany(Array.from({ length: 20_000 }, (_, i) => ({ _id: 100_000 + i, n: i }))),
    ].map((work) => work.catch(() => undefined))
    await new Promise((resolve) => setTimeout(resolve, 30))
    await database.stop()
    await client.close(true)
    await Promise.all(busy)
    const again = await startEmbedded({ path, durability: 'none' })
    const second = await new MongoClient(again.uri).connect()
    expect(await second.db('long').command({ validate: 'rows' })).toMatchObject({ valid: true, errors: [] })
    expect(await second.db('long').collection('rows').countDocuments({})).toBeGreaterThanOrEqual(20_000)
    await second.close()
    await again.stop()
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
