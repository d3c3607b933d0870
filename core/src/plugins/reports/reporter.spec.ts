import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { JobScheduler } from '../../jobs/job-scheduler.ts'
import { Leases } from '../../jobs/leases.ts'
import { Journal } from '../journal/journal.ts'
import { because, type Reason } from '../journal/reasons.ts'
import type { State } from '../journal/states.ts'
import { RegistryHttp } from '../registry/http.ts'
import { startData } from '../testing/harness.ts'
import { recordingLog } from '../testing/test-doubles.ts'
import { wayTo } from '../testing/way.ts'
import { ReportOutbox } from './report-outbox.ts'
import { Reporter } from './reporter.ts'

const minute = 60_000
const day = 24 * 60 * minute
const token = `dcesop_${'x'.repeat(43)}`
const gaveUp: Reason = {
  reason: 'Its process ended too often, at last because ana@example.com made it exit.',
  causes: [{ code: 'process_gave_up', params: { detail: 'ana@example.com' } }],
}

let data: Awaited<ReturnType<typeof startData>>
/** A registry that takes what comes, or answers with `problem`. */
let server: Server
let http: RegistryHttp
let sent: { readonly headers: unknown; readonly body: Record<string, string> }[] = []
let problem: { status: number; code: string } | undefined
let down = false
let ahead = 0
let plugins = 0
const clock = { now: () => new Date(Date.now() + ahead) }

beforeAll(async () => {
  data = await startData()
  server = createServer(async (request, response) => {
    if (down) return request.socket.destroy()
    const chunks = await request.toArray()
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>
    sent.push({ headers: request.headers, body })
    response.writeHead(problem?.status ?? 201, { 'content-type': 'application/json' })
    response.end(JSON.stringify(problem ?? { id: body['id'] }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  http = new RegistryHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
afterAll(async () => {
  server.close()
  await data.stop()
})

let journal: Journal
let outbox: ReportOutbox
const log = recordingLog()
beforeEach(async () => {
  sent = []
  problem = undefined
  down = false
  ahead = 0
  for (const name of ['plugin_journal', 'plugin_reports']) await data.data.core.collection(name).deleteMany({})
  journal = new Journal(data.data.core, clock)
  outbox = new ReportOutbox(data.data.core, clock)
  await outbox.prepare()
})

const reporter = (isListed = (_digest: string) => true) =>
  new Reporter({ journal, outbox, http, token, isListed, clock, log })
const run = (one = reporter()) => one.run(new AbortController().signal)

/** A version that starts, and ends like that. @returns its plugin */
async function ended(to: State, why: Reason, from: State = 'STARTING'): Promise<string> {
  const plugin = `p${(plugins += 1)}`
  const key = { plugin, version: '1.0.0', digest: 'a'.repeat(128), configRevision: 'c' }
  for (const state of wayTo(from)) await journal.append(key, state, 1)
  await journal.append(key, to, 1, why)
  return plugin
}
const stateOf = async (plugin: string, one = reporter()) => {
  const rows = await journal.of(plugin)
  return [...(await one.statusOf(rows)).values()]
}

describe('an incident', () => {
  it('is reported once by its codes, without the sentence, and shown as reported', async () => {
    const plugin = await ended('QUARANTINED', gaveUp)
    expect(await stateOf(plugin)).toEqual([{ state: 'waiting', at: null }])
    await run()
    await run()
    const [row] = await journal.of(plugin)
    expect(sent.map(({ body }) => body)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        plugin,
        version: '1.0.0',
        sha512: 'a'.repeat(128),
        kind: 'process_ended',
        at: row?.at.toISOString(),
      },
    ])
    expect(sent[0]?.headers).toMatchObject({ authorization: `Bearer ${token}` })
    expect(await stateOf(plugin)).toEqual([{ state: 'reported', at: expect.stringMatching(/Z$/) }])
    expect(JSON.stringify(log.lines)).not.toContain(token)
  })

  it.each<[string, State, Reason, State]>([
    ['an order of the registry', 'QUARANTINED', because('must_not_run'), 'ACTIVE'],
    ['what an administrator takes back', 'ROLLED_BACK', because('rolled_back'), 'CANARY'],
    ['what was killed before it ran here', 'QUARANTINED', killed(), 'VERIFIED'],
  ])('is not %s', async (_what, to, why, from) => {
    const plugin = await ended(to, why, from)
    await run()
    expect(sent).toEqual([])
    expect(await stateOf(plugin)).toEqual([])
  })

  it.each<[string, State, Reason, State]>([
    ['canary_slow', 'ROLLED_BACK', because('canary_slow', { ratio: 2 }), 'CANARY'],
    ['start_interrupted', 'FAILED', because('start_interrupted', { count: 3 }), 'STARTING'],
    ['killed', 'QUARANTINED', killed(), 'ACTIVE'],
  ])('is %s', async (kind, to, why, from) => {
    await ended(to, why, from)
    await run()
    expect(sent.map(({ body }) => body['kind'])).toEqual([kind])
  })

  it('of a package that the registry never had stays here', async () => {
    const own = reporter(() => false)
    const plugin = await ended('QUARANTINED', gaveUp)
    await run(own)
    await own.screensFailed({ plugin, version: '1.0.0', digest: 'a'.repeat(128) })
    await run(own)
    expect([sent, await stateOf(plugin, own)]).toEqual([[], []])
  })

  it('of screens is told once a day', async () => {
    const key = { plugin: 'pages', version: '1.0.0', digest: 'b'.repeat(128) }
    await Promise.all([reporter().screensFailed(key), reporter().screensFailed(key)])
    await run()
    ahead = day
    await reporter().screensFailed(key)
    await run()
    expect(sent.map(({ body }) => [body['kind'], body['plugin']])).toEqual([
      ['screens_failed', 'pages'],
      ['screens_failed', 'pages'],
    ])
  })
})

describe('a registry', () => {
  it('that is down gets it when it is back, with longer pauses in between', async () => {
    down = true
    const plugin = await ended('QUARANTINED', gaveUp)
    await run()
    down = false
    await run()
    expect(sent).toEqual([])
    ahead = minute
    await run()
    expect(sent).toHaveLength(1)
    expect(await stateOf(plugin)).toMatchObject([{ state: 'reported' }])
  })

  it.each([
    [401, 'report_token_invalid'],
    [429, 'too_many_requests'],
    [404, 'not_found'],
  ])('that answers %i %s is asked again under the same id', async (status, code) => {
    problem = { status, code }
    const plugin = await ended('QUARANTINED', gaveUp)
    await run()
    expect(await stateOf(plugin)).toEqual([{ state: 'waiting', at: null }])
    problem = undefined
    ahead = minute
    await run()
    const ids = sent.map(({ body }) => body['id'])
    expect([ids.length, new Set(ids).size]).toEqual([2, 1])
    expect(await stateOf(plugin)).toMatchObject([{ state: 'reported' }])
  })

  it('that does not want it is not asked again, and the next one is sent', async () => {
    problem = { status: 409, code: 'bytes_differ' }
    const [first, second] = [await ended('QUARANTINED', gaveUp), await ended('QUARANTINED', gaveUp)]
    await run()
    ahead = day
    await run()
    expect(sent.map(({ body }) => body['plugin'])).toEqual([first, second])
    expect(await stateOf(first)).toMatchObject([{ state: 'refused' }])
  })

  it('that does not answer for seven days is not waited for any longer', async () => {
    down = true
    const plugin = await ended('QUARANTINED', gaveUp)
    await run()
    ahead = 8 * day
    await run()
    down = false
    await run()
    expect(sent).toEqual([])
    expect(await stateOf(plugin)).toMatchObject([{ state: 'given_up' }])
  })
})

it('what ended is kept for ninety days, and not told again', async () => {
  const count = () => data.data.core.collection('plugin_reports').countDocuments()
  const reported = await ended('QUARANTINED', gaveUp)
  await run()
  down = true
  await ended('QUARANTINED', gaveUp)
  await run()
  ahead = 89 * day
  await run()
  expect(await count()).toBe(2)
  expect(await stateOf(reported)).toMatchObject([{ state: 'reported' }])
  ahead = 91 * day
  down = false
  await run()
  expect([await count(), sent.length]).toEqual([0, 1])
})

it('two hosts report it once', async () => {
  const jobs = ['host-a', 'host-b'].map((node) => {
    const leases = new Leases(data.data.core, node, clock)
    const scheduler = new JobScheduler(leases, log, () => undefined)
    const one = reporter()
    return scheduler.schedule({ plugin: 'core', name: 'report', everyMs: 20, run: (signal) => one.run(signal) })
  })
  const plugin = await ended('QUARANTINED', gaveUp)
  while ((await stateOf(plugin))[0]?.state !== 'reported') await pause(20)
  const other = await ended('QUARANTINED', gaveUp)
  while ((await stateOf(other))[0]?.state !== 'reported') await pause(20)
  await Promise.all(jobs.map((job) => job.dispose()))
  expect(sent.map(({ body }) => body['plugin'])).toEqual([plugin, other])
})

function killed(): Reason {
  return because('killed_plugin', { plugin: 'p', by: 'ana', second: 'bob', why: 'it leaks', order: 'o1' })
}
