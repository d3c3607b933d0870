import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DesiredStates } from '../journal/desired.ts'
import { type Fixture, packFixture, route } from '../testing/fixture-plugin.ts'
import { Harness, startData } from '../testing/harness.ts'
import { putDesired } from '../testing/put-desired.ts'

const storing = (id: string, pattern: string, name: string): Fixture => ({
  id,
  routes: [route('POST', '/{region}'), route('GET', '/{region}')],
  manifest: { titleKey: 'demo.title', data: { collections: [pattern], schemaVersion: 1 } },
  start: `
    const things = ({ params }) => context.data.region(params.region).collection('${name}')
    const say = (method, handler) => context.route({ method, path: '/{region}', summary: 'x', handler })
    say('POST', async (request) => { await things(request).insertOne({}); return null })
    say('GET', async (request) => ({ stored: await things(request).countDocuments() }))`,
})
const demo = storing('demo', 'demo_*', 'demo_things')
const neighbour = storing('demo-more', 'demo_more_*', 'demo_more_things')

let data: Awaited<ReturnType<typeof startData>>
let folder: string
let harness: Harness

/** A host with `demo` among the packages of its release, which are installed at the first start. */
const boot = async () => {
  harness = await Harness.start(data.data, { dataDir: join(folder, 'data'), packagesDir: folder, firstInstall: 'all' })
}

beforeAll(async () => {
  data = await startData()
  folder = await mkdtemp(join(tmpdir(), 'uninstall-'))
  await writeFile(join(folder, 'demo.tgz'), await packFixture(demo))
  await boot()
  await harness.install(await packFixture(neighbour))
})

afterAll(async () => {
  await harness?.stop()
  await data?.stop()
  await rm(folder, { recursive: true })
})

const store = async (id: string) => {
  for (const region of ['br', 'mx'])
    expect((await harness.call('POST', `/api/plugins/${id}/${region}`)).status).toBe(204)
}
const stored = async (id: string, region: string) =>
  (await harness.call('GET', `/api/plugins/${id}/${region}`)).json['stored']
const collections = async (region: string) =>
  (await data.data.region(region).listCollections()).map(({ name }) => name).filter((name) => /^demo/.test(name))
const removal = (id: string, as = 'admin') => harness.call('GET', `/api/admin/plugins/${id}/removal`, { as })
const lastState = async () => {
  const { json } = await harness.call('GET', '/api/admin/plugins/demo/journal', { as: 'admin' })
  return (json['transitions'] as { to: string }[])[0]?.to
}

it('is refused without step-up, to others than administrators, and while another plugin needs it', async () => {
  const path = '/api/admin/plugins/demo/uninstall'
  expect(await harness.call('POST', path, { as: 'admin', body: {} })).toMatchObject({
    json: { code: 'step_up_required' },
  })
  expect(await harness.change('uninstall', 'demo', {}, 'regional')).toMatchObject({ status: 403 })
  const provider = {
    id: 'gate',
    manifest: { provides: { 'gate.open': '1.0.0' } },
    start: `context.capabilities.provide('gate.open', {})`,
  }
  await harness.install(await packFixture(provider))
  const manifest = { consumes: [{ capability: 'gate.open', range: '^1' }] }
  await harness.install(await packFixture({ id: 'visitor', manifest }))
  await harness.change('disable', 'visitor')
  const refused = await harness.change('uninstall', 'gate')
  expect(refused).toMatchObject({ status: 409, json: { code: 'plugin_has_dependants', dependants: ['visitor'] } })
  expect(refused.json['detail']).toContain('needed by visitor (disabled)')
  expect((await removal('gate')).json['dependants']).toEqual([{ plugin: 'visitor', enabled: false }])
  for (const id of ['visitor', 'gate']) expect((await harness.change('uninstall', id)).status).toBe(200)
  expect(harness.host.status().map(({ id }) => id)).toEqual(expect.not.arrayContaining(['visitor', 'gate']))
})

it('lets requests finish and keeps the data, which the next installation finds', async () => {
  await store('demo')
  const [last, answer] = await Promise.all([stored('demo', 'br'), harness.change('uninstall', 'demo')])
  expect(last).toBe(1)
  expect(answer).toMatchObject({ status: 200, json: { id: 'demo', uninstalled: true } })
  expect(await lastState()).toBe('RETIRED')
  expect((await harness.call('GET', '/api/plugins/demo/br')).status).toBe(404)
  expect(await harness.view('demo')).toMatchObject({ code: 'plugin_not_found' })
  expect(harness.audit.records.at(-1)).toMatchObject({
    action: 'plugin.uninstall',
    resource: 'demo',
    outcome: 'allowed',
  })
  expect((await harness.change('uninstall', 'demo')).json['code']).toBe('plugin_not_found')
  expect((await harness.change('install', 'demo')).status).toBe(200)
  expect(await stored('demo', 'br')).toBe(1)
})

it('is told beforehand: where it serves, what stays in the store, and which data are its own', async () => {
  const collections = ['demo_things']
  expect((await removal('demo')).json).toEqual({
    dependants: [],
    regions: ['br', 'mx'],
    versions: 1,
    data: ['br', 'mx'].map((region) => ({ region, collections })),
  })
  expect((await removal('gate')).json['code']).toBe('plugin_not_found')
  expect((await removal('demo', 'regional')).status).toBe(403)
})

it('drops its data, and nobody else’s, when its id is given as confirmation', async () => {
  await store('demo-more')
  for (const body of [{ dropData: true }, { dropData: true, confirm: 'demo-more' }])
    expect(await harness.change('uninstall', 'demo', body)).toMatchObject({
      status: 400,
      json: { code: 'invalid_request' },
    })
  expect(await stored('demo', 'br')).toBe(1)
  const dropped = await harness.change('uninstall', 'demo', { dropData: true, confirm: 'demo' })
  expect(dropped.status).toBe(200)
  for (const region of ['br', 'mx']) expect(await collections(region)).toEqual(['demo_more_things'])
  expect(await stored('demo-more', 'mx')).toBe(1)
})

it('goes on at the next start when the host ended in the middle, and stays away after the one that follows', async () => {
  await harness.change('install', 'demo')
  await store('demo')
  await harness.stop()
  const state = await new DesiredStates(data.data.core).get('demo')
  if (!state) throw new Error('demo is not installed')
  await putDesired(data.data.core, { ...state, enabled: false, removing: { dropData: true, reason: 'uninstalled' } })
  await boot()
  expect(harness.host.status().map(({ id }) => id)).toEqual(['demo-more'])
  expect(await lastState()).toBe('RETIRED')
  for (const region of ['br', 'mx']) expect(await collections(region)).toEqual(['demo_more_things'])
  await harness.stop()
  await boot()
  expect(harness.host.status().map(({ id }) => id)).toEqual(['demo-more'])
})
