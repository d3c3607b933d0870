import { Problem } from '@dcesop/sdk-plugin'
import { startTestServer } from '@dcesop/embedded-db/testing'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TOTP, Secret } from 'otpauth'
import { loadConfig } from '../../config/load.ts'
import { readDemoAccounts } from '../../identity/demo-accounts.ts'
import { createLog } from '../../observability/log.ts'
import type { CoreRoutes } from '../../ports.ts'
import { type Host, startHost } from '../start-host.ts'

// A whole host starts here, on machines that may be busy: a limit for what hangs, not for what is slow.
jest.setTimeout(120_000)

export const root = join(import.meta.dirname, '../../../..')
export const demo = readDemoAccounts(root)

/** A clock that stands still until it is moved. It starts at the present: the database cleans up by its own clock. */
export class TestClock {
  #ms = Date.now()

  now(): Date {
    return new Date(this.#ms)
  }

  advance(seconds: number): void {
    this.#ms += seconds * 1000
  }
}

export interface TestHost extends Host {
  readonly clock: TestClock
}

/** The whole host without plugins over a database of its own, on a free port, with a clock of its own. */
export async function startTestHost(
  options: { routes?: readonly CoreRoutes[]; env?: NodeJS.ProcessEnv } = {},
): Promise<TestHost> {
  const server = await startTestServer()
  const directory = mkdtempSync(join(tmpdir(), 'dcesop-host-'))
  const env = {
    PORT: '0',
    MONGODB_URI: server.uri,
    DCESOP_DATABASE_PREFIX: server.prefix,
    DCESOP_DATA_DIR: directory,
    DCESOP_DEMO_PROGRAMS: 'none',
    ...options.env,
  }
  const clock = new TestClock()
  const cleanUp = async () => {
    await server.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  const host = await startHost({
    config: loadConfig(env, root),
    root,
    log: createLog('silent'),
    clock,
    createPluginHost: () => ({
      routes: options.routes ?? [],
      dispatch: { prefix: '/api/plugins/', handle: () => Promise.reject(new Problem(404, 'not_found', 'None here.')) },
      feedKey: { kty: 'OKP', crv: 'Ed25519', x: 'test' },
      readiness: { name: 'plugins', check: async () => ({ ready: true }) },
      start: async () => undefined,
      stop: async () => undefined,
      status: () => [],
      servedRoutes: () => [],
      pageSources: () => ({ connect: [], img: [], font: [] }),
    }),
  }).catch(async (error: unknown) => {
    await cleanUp()
    throw error
  })
  return { ...host, clock, stop: () => host.stop().then(cleanUp) }
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** A browser's worth of HTTP: keeps cookies, sends JSON. */
export class TestClient {
  readonly cookies = new Map<string, string>()
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookie ? { cookie } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = (line.split(';')[0] ?? '').split('=') as [string, string]
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') === true
    return {
      status: response.status,
      headers: response.headers,
      body: json ? (JSON.parse(text) as Record<string, unknown>) : { text },
    }
  }
}

/** Input of a sign-in for a demo account at the clock's time. */
export function credentials(username: string, clock: TestClock): { username: string; password: string; totp?: string } {
  const account = demo.accounts.find((entry) => entry.username === username)
  if (!account) throw new Error(`There is no demo account ${username}.`)
  const { password, totpSecret } = account
  return { username, password, ...(totpSecret === null ? {} : { totp: totpAt(totpSecret, clock) }) }
}

/** @param stepsAhead 1 is the next code, which the host accepts already */
export function totpAt(secret: string, clock: TestClock, stepsAhead = 0): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({
    timestamp: clock.now().getTime() + stepsAhead * 30_000,
  })
}

/** A signed-in client; moves the clock one time step so that the account's next code is a new one. */
export async function signedIn(host: TestHost, username: string): Promise<TestClient> {
  const client = new TestClient(host.url)
  host.clock.advance(30)
  const reply = await client.send('POST', '/api/auth/login', credentials(username, host.clock))
  if (reply.status !== 200) throw new Error(`Sign-in of ${username}: ${reply.status} ${JSON.stringify(reply.body)}`)
  return client
}
