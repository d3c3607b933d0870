import { startTestServer, type TestServer } from '@dcesop/embedded-db/testing'
import { claimFolder } from '@dcesop/sdk-plugin/host'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { credentials, TestClient, TestClock } from './composition/testing/test-host.ts'
import { packFixture } from './plugins/testing/fixture-plugin.ts'

const directory = mkdtempSync(join(tmpdir(), 'dcesop-main-'))
const root = join(import.meta.dirname, '../..')
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

interface Running {
  readonly child: ChildProcess
  readonly exited: Promise<number | null>
  /** Everything on standard output. */
  out(): string
  /** Everything on standard error. */
  err(): string
  /** URL of the ready line; rejects with what was printed when the process ends before. */
  readonly ready: Promise<string>
}

function run(env: NodeJS.ProcessEnv): Running {
  const child = spawn(process.execPath, [join(root, 'core/src/main.ts')], {
    cwd: directory,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      PORT: '0',
      DCESOP_DATA_DIR: join(directory, 'data'),
      DCESOP_PACKAGES_DIR: join(directory, 'none'),
      DCESOP_DEMO_PROGRAMS: 'none',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, as of a terminal.
    detached: true,
  })
  children.add(child)
  let out = ''
  let err = ''
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      const url = /^DCESOP ready on (\S+)$/m.exec(out)?.[1]
      if (url) resolve(url)
    })
    void exited.then(() => reject(new Error(err)))
  })
  return { child, exited, out: () => out, err: () => err, ready }
}

/** Signs in with the code of this moment; the next code where this one was used. */
async function signIn(url: string, username: string): Promise<TestClient> {
  const clock = new TestClock()
  clock.advance((Date.now() - clock.now().getTime()) / 1000)
  const client = new TestClient(url)
  const reply = await client.send('POST', '/api/auth/login', credentials(username, clock))
  expect(reply.status).toBe(200)
  return client
}

/** The process that the host started first. @throws Error when there is none: nothing would be held against its end */
function engineOf(child: ChildProcess): number {
  return Number(execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' }).split('\n')[0])
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function eventually(check: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 100))
}

/** It asks for a quarter of a minute, in which the other cases run. */
let withoutDatabase: { readonly told: Promise<string>; readonly exited: Promise<number | null> }
beforeAll(() => {
  const password = 'hidden'
  const env = { DCESOP_DATA_DIR: join(directory, 'alone'), MONGODB_URI: `mongodb://u:${password}@127.0.0.1:1/` }
  const { ready, exited } = run(env)
  withoutDatabase = { told: ready.catch((error: Error) => error.message), exited }
})

describe('the host process', () => {
  it('prints one ready line, keeps what it has through kill -9 and the death of its database, and exits 0 on SIGTERM', async () => {
    const first = run({})
    const url = await first.ready
    expect(first.out()).toBe(`DCESOP ready on ${url}\n`)
    const client = await signIn(url, 'agent.br')
    await client.send('PUT', '/api/me/preferences/theme', { value: 'contrast' })
    const engine = engineOf(first.child)
    first.child.kill('SIGKILL')
    await first.exited
    await eventually(() => !alive(engine))

    const second = run({ PORT: new URL(url).port })
    expect(await second.ready).toBe(url)
    // The session is as it was, and so is what it kept.
    expect((await client.send('GET', '/api/me/preferences/theme')).body).toEqual({ value: 'contrast' })

    // It lives through the death of its database, too.
    const present = engineOf(second.child)
    process.kill(present, 'SIGKILL')
    await eventually(async () => (await fetch(`${url}/readyz`)).status === 503)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    await eventually(async () => (await fetch(`${url}/readyz`)).status === 200)
    expect((await client.send('GET', '/api/auth/session')).status).toBe(200)

    const next = engineOf(second.child)
    second.child.kill('SIGTERM')
    expect(await second.exited).toBe(0)
    await eventually(() => !alive(next))
  }, 300_000)

  it('ends once, and its database last, when a terminal interrupts all of its processes and npm does it again', async () => {
    const host = run({})
    await host.ready
    const engine = engineOf(host.child)
    process.kill(-(host.child.pid as number), 'SIGINT')
    // Later, or the two would be one signal.
    await sleep(30)
    host.child.kill('SIGINT')
    expect(await host.exited).toBe(0)
    await eventually(() => !alive(engine))
    expect(host.out() + host.err()).not.toContain('starting it again')
  }, 300_000)

  it('says every mistake of its configuration and exits 1', async () => {
    const host = run({ PORT: 'eighty', DCESOP_LOG_LEVEL: 'loud' })
    await expect(host.ready).rejects.toThrow(/"http.port" is "eighty".*\n.*"log.level" is "loud"/)
    expect(await host.exited).toBe(1)
  }, 300_000)

  it('says at once that the data folder cannot be written', async () => {
    const host = run({ DCESOP_DATA_DIR: '/dev/null/data' })
    await expect(host.ready).rejects.toThrow('The data folder /dev/null/data cannot be written (ENOTDIR)')
    expect(await host.exited).toBe(1)
  })

  it('says at once that another process has the data folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dcesop-taken-'))
    const taken = await claimFolder(folder, (what) => new Error(what))
    const second = run({ DCESOP_DATA_DIR: folder })
    if (process.platform === 'linux')
      await expect(second.ready).rejects.toThrow(`The data folder ${folder} is in use by another process`)
    await taken.dispose()
    rmSync(folder, { recursive: true })
  })

  it('refuses the embedded engine in production', async () => {
    const host = run({ DCESOP_PROFILE: 'production' })
    await expect(host.ready).rejects.toThrow('The production profile needs a MongoDB: set MONGODB_URI')
  }, 300_000)

  describe('on a MongoDB', () => {
    let server: TestServer
    let env: NodeJS.ProcessEnv
    beforeAll(async () => {
      server = await startTestServer()
      env = { MONGODB_URI: server.uri, DCESOP_DATABASE_PREFIX: server.prefix, DCESOP_HOST: '127.0.0.1' }
    })
    afterAll(() => server.stop())

    it('starts in production', async () => {
      const host = run({ ...env, DCESOP_PROFILE: 'production' })
      await host.ready
      host.child.kill('SIGTERM')
      expect(await host.exited).toBe(0)
    }, 300_000)

    it('shows plugins in its own process nothing of its secrets in the environment', async () => {
      const packages = mkdtempSync(join(tmpdir(), 'dcesop-spy-'))
      const names = 'Object.keys(process.env).filter((name) => /MONGODB_URI|TOKEN/.test(name))'
      const start = `context.log.info({}, 'the spy sees ' + JSON.stringify(${names}) + ' and ' + process.env.DCESOP_HOST)`
      writeFileSync(join(packages, 'spy-1.0.0.tgz'), await packFixture({ id: 'spy', start }))
      const host = run({ ...env, DCESOP_PACKAGES_DIR: packages, DCESOP_LOG_LEVEL: 'info' })
      await host.ready
      expect(host.out() + host.err()).toContain('the spy sees [] and 127.0.0.1')
      host.child.kill('SIGTERM')
      await host.exited
      rmSync(packages, { recursive: true })
    }, 300_000)

    it('refuses production where a demo has run, whose accounts are there', async () => {
      const production = run({ ...env, DCESOP_PROFILE: 'production' })
      await expect(production.ready).rejects.toThrow(/accounts of the demo.*agent\.br.*metrics/)
    }, 300_000)
  })

  it('says that no MongoDB answers', async () => {
    const told = await withoutDatabase.told
    expect(told).toContain('The MongoDB that MONGODB_URI names cannot be used: connect ECONNREFUSED 127.0.0.1:1')
    expect(told).not.toMatch(/hidden|^ +at /m)
    expect(await withoutDatabase.exited).toBe(1)
  })
})
