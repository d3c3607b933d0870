import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { packFixture, route } from './testing/fixture-plugin.ts'
import { type HostProcess, startHostProcess } from './testing/host-process.ts'

const root = join(import.meta.dirname, '../../..')
let folder: string
let database: ChildProcess
let host: HostProcess

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'database-away-'))
  const program = join(root, 'core/embedded-db/src/main.ts')
  database = spawn(process.execPath, [program, '--port', '0', '--dir', join(folder, 'db')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let uri: string | undefined
  for await (const line of createInterface({ input: database.stdout as NodeJS.ReadableStream })) {
    uri = /ready on (mongodb:\S+)/.exec(line)?.[1]
    if (uri) break
  }
  // That it hangs is known after two seconds.
  const known = '&directConnection=true&connectTimeoutMS=1000&heartbeatFrequencyMS=1000&serverSelectionTimeoutMS=1000'
  host = await startHostProcess(
    { uri: `${uri}${known}`, prefix: 'x_' },
    { dataDir: join(folder, 'host'), firstInstall: [] },
  )
  for (const version of ['1.0.0', '1.1.0'])
    await host.request('POST', '/api/admin/packages', 'admin', await pack(version))
  expect(await change('install', { version: '1.0.0' })).toMatchObject({ status: 200 })
}, 60_000)

afterAll(async () => {
  database.kill('SIGCONT')
  await host.kill()
  database.kill()
  await once(database, 'exit')
  await rm(folder, { recursive: true, force: true })
})

/** A plugin whose version 1.1.0 says when it starts and stops, and then waits for what the test says. */
const pack = (version: string) =>
  packFixture({
    version,
    routes: [route('GET', '/version')],
    start: `const { existsSync, writeFileSync } = require('node:fs')
      const at = async (when) => {
        if (context.version !== '1.1.0' || !existsSync(${JSON.stringify(folder)} + '/hold-' + when)) return
        writeFileSync(${JSON.stringify(folder)} + '/at-' + when, '.')
        while (existsSync(${JSON.stringify(folder)} + '/hold-' + when)) await new Promise((go) => setTimeout(go, 20))
      }
      context.onStop({ dispose: () => at('stop') })
      await at('start')
      context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`,
  })

const change = (verb: string, body: object = {}) =>
  host.request('POST', `/api/admin/plugins/demo/${verb}`, 'admin', body)

async function until<T>(look: () => Promise<T> | T, expected: T): Promise<void> {
  let seen = await look()
  for (let tries = 0; tries < 300 && JSON.stringify(seen) !== JSON.stringify(expected); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    seen = await look()
  }
  expect(seen).toEqual(expected)
}

/** Asks for a change while the database stands still from when the plugin starts or stops. */
async function withoutDatabase(when: 'start' | 'stop', verb: string, body: object = {}) {
  await writeFile(join(folder, `hold-${when}`), '.')
  const asked = change(verb, body)
  await until(() => existsSync(join(folder, `at-${when}`)), true)
  database.kill('SIGSTOP')
  await rm(join(folder, `hold-${when}`))
  const answer = await asked
  database.kill('SIGCONT')
  return answer
}

async function seen() {
  const served = await host.request('GET', '/api/plugins/demo/version')
  const { json } = await host.request('GET', '/api/admin/plugins/demo', 'admin')
  const journal = await host.request('GET', '/api/admin/plugins/demo/journal', 'admin')
  const rows = (journal.json['transitions'] ?? []) as { version: string; to: string }[]
  const last = rows.find(({ version }) => version === '1.1.0')
  return { served: served.json['version'] ?? served.status, state: json['state'], last: last?.to }
}

const unavailable = { status: 503, json: { code: 'unavailable' } }

describe('a database that stands still in the middle of a change', () => {
  it('leaves an upgrade undone, which the host takes back by itself', async () => {
    expect(await withoutDatabase('start', 'upgrade', { version: '1.1.0' })).toMatchObject(unavailable)
    await until(seen, { served: '1.0.0', state: 'ACTIVE', last: 'ROLLED_BACK' })
    expect(await change('upgrade', { version: '1.1.0' })).toMatchObject({ status: 200, json: { version: '1.1.0' } })
  }, 120_000)

  it('leaves nothing running of what was disabled, and the journal tells its end', async () => {
    expect(await withoutDatabase('stop', 'disable')).toMatchObject(unavailable)
    await until(seen, { served: 503, state: 'STOPPED', last: 'STOPPED' })
    expect(await change('enable')).toMatchObject({ status: 200 })
    await until(seen, { served: '1.1.0', state: 'ACTIVE', last: 'ACTIVE' })
  }, 120_000)
})
