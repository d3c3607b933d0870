import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTestServer, type TestServer } from '@dcesop/embedded-db/testing'
import { publishBody } from './testing/packages.ts'

jest.setTimeout(180_000)

const directory = mkdtempSync(join(tmpdir(), 'dcesop-registry-main-'))
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

function run(env: NodeJS.ProcessEnv, ...args: string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    cwd: directory,
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as of a terminal.
    detached: true,
  })
  children.add(child)
  let [out, err] = ['', '']
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      const url = /^registry ready on (\S+)$/m.exec(out)?.[1]
      if (url) resolve(url)
    })
    void exited.then(() => reject(new Error(err)))
  })
  return { child, exited, ready, out: () => out, err: () => err }
}

async function signUp(url: string): Promise<string> {
  const answer = await fetch(`${url}/-/user/org.couchdb.user:ana`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'ana', password: 'ana in a spec' }),
  })
  return ((await answer.json()) as { token: string }).token
}

/** One that does not start, with what it says. */
function refused(env: NodeJS.ProcessEnv, ...args: string[]) {
  const { ready, exited } = run(env, ...args)
  return { told: ready.catch((error: Error) => error.message), exited }
}

/** It asks for a while, in which the other cases run. */
let withoutDatabase: ReturnType<typeof refused>
beforeAll(() => {
  withoutDatabase = refused({ MONGODB_URI: 'mongodb://127.0.0.1:1/' }, '--dir', join(directory, 'alone'))
})

describe('the registry process', () => {
  it('prints one line when it serves, ends with 0 on SIGTERM, and outlives its database', async () => {
    const registry = run({}, '--port', '0', '--dir', join(directory, 'own'))
    const url = await registry.ready
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    const [engine] = execFileSync('pgrep', ['-P', String(registry.child.pid)], { encoding: 'utf8' }).split('\n')
    process.kill(Number(engine), 'SIGSTOP')
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
    process.kill(Number(engine), 'SIGKILL')
    const statuses = new Set<number>()
    // Most requests wait for the database to come back; what was on its way is answered 503.
    while (!statuses.has(404)) statuses.add((await fetch(`${url}/@ana%2fx`)).status)
    expect([...statuses].filter((status) => status !== 404 && status !== 503)).toEqual([])
    registry.child.kill('SIGTERM')
    expect(await registry.exited).toBe(0)
    expect(registry.out()).toBe(`registry ready on ${url}\n`)
  })

  it('ends once, and its database last, when a terminal interrupts all of its processes and npm does it again', async () => {
    const registry = run({}, '--port', '0', '--dir', join(directory, 'own'))
    const { port } = new URL(await registry.ready)
    // A request on its way, so that the second signal comes before all is stopped.
    const socket = connect(Number(port)).on('error', () => undefined)
    socket.write(
      'PUT /-/user/org.couchdb.user:ana HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    )
    await fetch(`http://127.0.0.1:${port}/readyz`)
    process.kill(-(registry.child.pid as number), 'SIGINT')
    // Later, or the two would be one signal.
    await sleep(30)
    registry.child.kill('SIGINT')
    await sleep(30)
    // It would wait for that request until its drain limit.
    socket.destroy()
    expect(await registry.exited).toBe(0)
    expect(registry.err()).not.toContain('starting it again')
  })

  it.each([
    [{}, ['--prot', '1'], 'usage: npm run registry'],
    [{}, ['--port', 'eighty'], '"http.port" is "eighty"'],
    [{ DCESOP_PROFILE: 'production' }, [], 'The production profile needs a MongoDB'],
    [{}, ['--dir', import.meta.filename], `The data folder ${import.meta.filename} cannot be written (EEXIST)`],
  ])('with %j %j says why it does not start', async (env, args, sentence) => {
    const { told, exited } = refused(env, ...args)
    expect(await told).toContain(sentence)
    expect(await told).not.toMatch(/^ +at /m)
    expect(await exited).toBe(1)
  })

  describe('on a database of its own', () => {
    let server: TestServer
    let env: NodeJS.ProcessEnv
    beforeAll(async () => {
      server = await startTestServer()
      const database = `${server.prefix}registry`
      env = { MONGODB_URI: server.uri, DCESOP_REGISTRY_DATABASE: database, DCESOP_REGISTRY_BLOBS: 'gridfs' }
    })
    afterAll(() => server.stop())

    it('shares everything with a second process through GridFS, also who wins a version', async () => {
      const both = ['a', 'b'].map((name) => run(env, '--port', '0', '--dir', join(directory, name)))
      const [first, second] = (await Promise.all(both.map(({ ready }) => ready))) as [string, string]
      const token = await signUp(first)
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const body = JSON.stringify(await publishBody({ name: '@ana/shared', files: { data: 'x'.repeat(500_000) } }))
      const answers = await Promise.all(
        [first, second, first, second].map((url) => fetch(`${url}/@ana%2fshared`, { method: 'PUT', headers, body })),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409])
      const range = await fetch(`${second}/@ana%2fshared/-/shared-1.0.0.tgz`, { headers: { range: 'bytes=0-1' } })
      expect([range.status, [...new Uint8Array(await range.arrayBuffer())]]).toEqual([206, [0x1f, 0x8b]])
      for (const { child, exited } of both) {
        child.kill('SIGTERM')
        expect(await exited).toBe(0)
      }
    })

    it('refuses production beside the accounts of the demo', async () => {
      const production = run({ ...env, DCESOP_PROFILE: 'production' }, '--port', '0', '--dir', join(directory, 'p'))
      await expect(production.ready).rejects.toThrow(/accounts of the demo.*registry-admin\.br.*partner/)
    })
  })

  it('says that the database does not answer', async () => {
    expect(await withoutDatabase.told).toContain('The database does not answer: ')
    expect(await withoutDatabase.told).not.toMatch(/^ +at /m)
    expect(await withoutDatabase.exited).toBe(1)
  })
})
