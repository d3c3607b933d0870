import { execFileSync } from 'node:child_process'
import { request } from 'node:http'
import { packFixture, route } from '../testing/fixture-plugin.ts'
import { Harness, startData } from '../testing/harness.ts'

const source = `
const { Readable } = require('node:stream')
const endless = (size) => Readable.from((async function* () { for (;;) { yield 'x'.repeat(size); await new Promise((go) => setTimeout(go, 20)) } })(), { objectMode: false })
context.route({ method: 'GET', path: '/small', summary: 'x', handler: (request, h) => h.response(endless(10)).type('text/plain') })
context.route({ method: 'GET', path: '/events', summary: 'x', handler: (request, h) => h.response(endless(10)).type('text/event-stream') })
context.route({ method: 'GET', path: '/counted', summary: 'x', handler: (request, h) => h.response(endless(10)).type('text/plain').bytes(1000000) })
let waiting = 0
context.route({ method: 'GET', path: '/never', summary: 'x', handler: () => { waiting += 1; return new Promise(() => undefined) } })
context.route({ method: 'GET', path: '/waiting', summary: 'x', handler: () => ({ waiting }) })
context.route({ method: 'GET', path: '/pid', summary: 'x', handler: () => ({ pid: process.pid }) })
`

const routes = ['/small', '/events', '/counted', '/never', '/waiting', '/pid'].map((each) => route('GET', each))

/** Reads until the end, one way or the other. @returns whether it ended as a whole answer does */
function whole(url: string, begun: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request(url, { headers: { 'x-user': 'agent' } }, (response) => {
      response.once('data', begun)
      response.resume()
      response.on('error', () => undefined)
      response.on('close', () => resolve(response.complete))
    })
    sent.on('error', () => resolve(false))
    sent.end()
  })
}

/** Processes of plugins that this one started, through whichever others. */
function ownProcesses(): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
  const parents = new Map(rows.map(([, pid, parent]) => [Number(pid), Number(parent)]))
  const isOurs = (pid: number): boolean => pid > 1 && (pid === process.pid || isOurs(parents.get(pid) ?? 0))
  return rows
    .filter(([, , , args]) => args?.includes('plugins/process/child'))
    .flatMap(([, pid]) => (isOurs(Number(pid)) ? [Number(pid)] : []))
}

let data: Awaited<ReturnType<typeof startData>>
let harness: Harness

beforeAll(async () => {
  data = await startData()
  harness = await Harness.start(data.data, { isolation: { default: 'process', byPlugin: {} } })
  expect((await harness.install(await packFixture({ routes, start: source }))).status).toBe(200)
})

afterAll(async () => {
  await harness.stop()
  await data.stop()
})

function killOwn(): void {
  const own = ownProcesses()
  expect(own.length).toBeGreaterThan(0)
  for (const pid of own) process.kill(pid, 'SIGKILL')
}

it('answers in whose midst the process is killed end as broken ones, and the plugin is back after a moment', async () => {
  const begun: Promise<void>[] = []
  const answers = ['/small', '/events', '/counted'].map((path) => {
    let begin = () => undefined as void
    begun.push(new Promise((resolve) => (begin = resolve)))
    return whole(`${harness.origin}/api/plugins/demo${path}`, begin)
  })
  await Promise.all(begun)
  killOwn()
  expect(await Promise.all(answers)).toEqual([false, false, false])
  // So many that they would outweigh all failures below, if they counted as answers of the plugin.
  const meanwhile = await Promise.all(Array.from({ length: 90 }, () => harness.call('GET', '/api/plugins/demo/pid')))
  expect(new Set(meanwhile.map(({ status }) => status))).toEqual(new Set([503]))
  await harness.until(async () => {
    const { status } = await harness.call('GET', '/api/plugins/demo/pid')
    expect([200, 503]).toContain(status)
    return status === 200
  })
})

it('requests that their process took along are told so, and count as its failures', async () => {
  const taken = Array.from({ length: 40 }, () => harness.call('GET', '/api/plugins/demo/never'))
  await harness.until(async () => (await harness.call('GET', '/api/plugins/demo/waiting')).json['waiting'] === 40)
  killOwn()
  const answers = await Promise.all(taken)
  expect(new Set(answers.map(({ status, json }) => `${status} ${json['code']}`))).toEqual(new Set(['502 plugin_ended']))
  expect(answers[0]?.headers['retry-after']).toBeUndefined()
  await harness.until(async () => (await harness.view('demo'))['state'] === 'DEGRADED')
})

it('a process that starts again as something else, or not at all, is ended, at the latest with its plugin', async () => {
  await harness.change('uninstall', 'demo')
  await harness.until(async () => ownProcesses().length === 0)
  const health = { path: '/_health', startupMs: 120_000 }
  const manifest = {
    backend: { entry: 'dist/server.cjs', isolation: 'process' as const, routes: [route('GET', '/_health')], health },
    data: { collections: ['turncoat_things'], schemaVersion: 1 },
  }
  const start = `
    const told = await context.data.region('br').collection('turncoat_things').findOne({})
    context.route({ method: 'GET', path: told?.path ?? '/_health', summary: 'x', handler: () => ({ pid: process.pid }) })
    if (told?.hangs) await new Promise(() => undefined)`
  expect((await harness.install(await packFixture({ id: 'turncoat', manifest, start }))).status).toBe(200)
  const told = data.data.region('br').collection('turncoat_things')
  await told.insertOne({ path: '/other' })
  killOwn()
  await harness.said("a plugin's process could not be started again")
  await harness.until(async () => ownProcesses().length === 0)
  await told.updateOne({}, { $set: { path: '/_health', hangs: true } })
  await harness.until(async () => ownProcesses().length > 0)
  expect((await harness.change('uninstall', 'turncoat')).status).toBe(200)
  await harness.until(async () => ownProcesses().length === 0)
})
