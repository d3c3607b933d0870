import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MongoClient } from 'mongodb'
import { temporaryFolders } from './testing/folders.ts'
import { COMPILED } from './testing/program.ts'

const folder = temporaryFolders()
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
})

/** Runs the command until it says that it is ready, or ends. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return start(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], env)
}

async function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, ...COMPILED, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  let text = ''
  let problems = ''
  child.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.on('close', resolve))
  const uri = await new Promise<string | undefined>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const found = /^embedded-db ready on (\S+)$/m.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    void exited.then(() => resolve(undefined))
  })
  const stop = (): Promise<number | null> => {
    child.kill('SIGTERM')
    return exited
  }
  return { uri: uri ?? '', text: () => text, problems: () => problems, exited, stop }
}

async function useWithDriver(uri: string): Promise<void> {
  const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 5000 })
  const rows = client.db('main').collection('rows')
  await client.withSession((session) => session.withTransaction(() => rows.insertOne({ a: 1 }, { session })))
  expect(await rows.countDocuments({ a: 1 })).toBe(1)
  await client.close()
}

describe('npm run db', () => {
  it('says what it is not, serves, and exits 0 on SIGTERM', async () => {
    const server = await run(['--dir', folder('port'), '--port', '0'])
    expect(server.text()).toMatch(/^embedded-db: one process, no replication, no authentication.*not for production/)
    expect(server.uri).toMatch(/^mongodb:\/\/127\.0\.0\.1:\d+\/\?replicaSet=rs0$/)
    await useWithDriver(server.uri)
    expect(await server.stop()).toBe(0)
  }, 60_000)

  it('ends in order when a supervisor stops npm, whose shell would pass no signal on', async () => {
    const words = [
      '--prefix',
      join(import.meta.dirname, '../../..'),
      'run',
      'db',
      '--',
      '--dir',
      folder('npm'),
      '--port',
      '0',
    ]
    const server = await start('npm', words)
    await useWithDriver(server.uri)
    expect(await server.stop()).toBe(0)
    await expect(MongoClient.connect(server.uri, { serverSelectionTimeoutMS: 500 })).rejects.toThrow()
  }, 60_000)

  it('serves on a Unix socket that only its owner may open', async () => {
    const socket = folder('db.sock')
    const server = await run(['--dir', folder('socket'), '--socket', socket])
    expect(server.uri).toBe(`mongodb://${encodeURIComponent(socket)}/?directConnection=true`)
    expect((statSync(socket).mode & 0o777).toString(8)).toBe('600')
    await useWithDriver(server.uri)
    const second = await run(['--dir', folder('second'), '--socket', socket])
    expect(await second.exited).toBe(1)
    expect(second.problems()).toContain('is in use by another process')
    await server.stop()
    const file = folder('file')
    writeFileSync(file, 'precious')
    const third = await run(['--dir', folder('third'), '--socket', file])
    expect(third.problems()).toContain('exists and is no socket')
    expect(statSync(file).size).toBe(8)
  }, 60_000)

  it('refuses production unless its limits are accepted', async () => {
    const args = ['--dir', folder('production'), '--port', '0']
    const refused = await run(args, { NODE_ENV: 'production' })
    expect(await refused.exited).toBe(1)
    expect(refused.problems()).toContain('set MONGODB_URI to a MongoDB replica set, or DCESOP_ALLOW_EMBEDDED_DB=1')
    const accepted = await run(args, { NODE_ENV: 'production', DCESOP_ALLOW_EMBEDDED_DB: '1' })
    expect(accepted.uri).not.toBe('')
    await accepted.stop()
  }, 60_000)

  it('answers a mistake with the usage and status 2', async () => {
    const ended = await run(['--what'])
    expect(await ended.exited).toBe(2)
    expect(ended.problems()).toMatch(/Unknown option '--what'[\s\S]*usage:/)
  }, 60_000)
})
