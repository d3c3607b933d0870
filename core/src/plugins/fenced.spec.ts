import { Leases } from '../jobs/leases.ts'
import { type DesiredState, DesiredStates } from './journal/desired.ts'
import { Journal, type JournalRow } from './journal/journal.ts'
import { packFixture } from './testing/fixture-plugin.ts'
import { hostForEach } from './testing/host-for-each.ts'

const host = hostForEach()
const clock = { now: () => new Date() }

/** A plugin whose stop waits for what the test says. */
const held = (id: string, needs: readonly string[] = []) =>
  packFixture({
    id,
    manifest: {
      provides: { [`${id}.self`]: '1.0.0' },
      consumes: needs.map((one) => ({ capability: `${one}.self`, range: '^1' })),
    },
    start: `context.capabilities.provide('${id}.self', {})
      context.onStop({ dispose: () => { context.log.info({}, 'stops'); return globalThis.heldStop } })`,
  })

/** Another host has taken over since: it holds the lease, and wants something else. */
async function takenOver(changed: (state: DesiredState) => DesiredState): Promise<void> {
  const leases = host.data.core.collection<{ _id: string }>('leases')
  await leases.updateOne({ _id: 'plugin:demo' }, { $set: { until: new Date(0) } })
  const lease = await new Leases(host.data.core, 'another', clock).acquire('plugin:demo', 60_000)
  if (!lease) throw new Error('The lease is not free.')
  const states = new DesiredStates(host.data.core)
  await states.fence('demo', lease.token)
  await states.put(changed((await states.get('demo')) as DesiredState), lease.token)
}

describe('a host that stood still while another one took over', () => {
  let stop: ReturnType<typeof Promise.withResolvers<void>>
  beforeEach(() => {
    stop = Promise.withResolvers<void>()
    Object.assign(globalThis, { heldStop: stop.promise })
  })
  afterEach(() => stop.resolve())

  it('does not disable what that one wants', async () => {
    await host.harness.install(await held('demo'))
    await host.harness.install(await held('more', ['demo']))
    const asked = host.harness.change('disable', 'demo', { cascade: true })
    await host.harness.said('stops')
    await takenOver(({ together: _, ...state }) => ({ ...state, enabled: true, range: '^1.0.0' }))
    stop.resolve()
    expect(await asked).toMatchObject({ status: 409, json: { code: 'plugin_busy' } })
    const wanted = await new DesiredStates(host.data.core).get('demo')
    expect(wanted).toMatchObject({ enabled: true, range: '^1.0.0' })
  })

  it('does not take out what that one has kept', async () => {
    await host.harness.install(await held('demo'))
    const asked = host.harness.change('uninstall', 'demo')
    await host.harness.said('stops')
    await takenOver(({ removing: _, ...state }) => ({ ...state, enabled: false }))
    stop.resolve()
    expect(await asked).toMatchObject({ status: 409, json: { code: 'plugin_busy' } })
    expect(await new DesiredStates(host.data.core).get('demo')).toMatchObject({ enabled: false })
  })
})

it('an administrator who asks for something else of a plugin at the same time is told', async () => {
  await host.harness.install(await packFixture())
  const verbs = ['disable', 'uninstall', 'want'] as const
  const bodies = { want: { reason: 'as we agreed on Monday' } } as Record<string, object>
  const answers = await Promise.all(verbs.map((verb) => host.harness.change(verb, 'demo', bodies[verb])))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409])
  const codes = answers.flatMap(({ status, json }) => (status === 409 ? [json['code']] : []))
  expect(codes).toEqual(['plugin_busy', 'plugin_busy'])
})

it('a host that has yet to follow another one, which stopped the plugin, disables what it runs without a second row', async () => {
  await host.harness.install(await packFixture())
  const journal = new Journal(host.data.core, clock)
  const [last] = await journal.of('demo', 1)
  for (const state of ['DRAINING', 'STOPPED'] as const)
    await journal.append(last as JournalRow, state, (last as JournalRow).token)
  expect(await host.harness.change('disable', 'demo')).toMatchObject({ status: 200 })
  expect(await host.harness.view('demo')).toMatchObject({ state: 'STOPPED', enabled: false })
  const rows = await journal.of('demo')
  expect(rows.filter(({ to }) => to === 'STOPPED')).toHaveLength(1)
})
