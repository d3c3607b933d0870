import { packFixture, route } from '../testing/fixture-plugin.ts'
import { hostForEach } from '../testing/host-for-each.ts'
import { CanaryFigures } from './canary-figures.ts'
import { noFigures } from './figures.ts'

const host = hostForEach(() => ({ clock: { now: () => new Date(Date.UTC(2026, 10, 30, 11)) } }))

const pack = (version: string) =>
  packFixture({
    version,
    routes: [route('GET', '/version')],
    start: `context.route({ method: 'GET', path: '/version', summary: 'x', handler: () => ({ version: context.version }) })`,
  })

/** What another host of the same database counts of the canary that runs. */
async function elsewhere(node: string, requests: number, failures: number, slows = 0): Promise<void> {
  const counted = host.data.core.collection<{ canary: string }>('plugin_canary_figures')
  await host.harness.until(async () => (await counted.countDocuments()) > 0)
  const { canary } = (await counted.findOne()) ?? { canary: '' }
  const candidate = { ...noFigures, requests, failures, slows }
  await new CanaryFigures(host.data.core, node).put('demo', canary, { candidate, baseline: noFigures })
}

async function onTrial() {
  await host.harness.install(await pack('1.0.0'))
  await host.harness.upload(await pack('1.1.0'))
  const canary = { percent: 100, minRequests: 1000, minSeconds: 3600 }
  expect(await host.harness.change('upgrade', 'demo', { version: '1.1.0', canary })).toMatchObject({ status: 200 })
}

const verdict = async () => ((await host.harness.view('demo'))['canary'] as { verdict: string } | null)?.verdict

async function rolledBack(figures: RegExp): Promise<void> {
  const ended = () => host.harness.audit.records.find(({ action }) => action === 'plugin.canary.rollback')
  await host.harness.until(() => Promise.resolve(ended() !== undefined))
  expect(ended()?.reason).toMatch(figures)
  expect(await host.harness.view('demo')).toMatchObject({ version: '1.0.0', canary: null })
}

it('a canary ends when requests fail on all hosts together, though each of them alone saw too few', async () => {
  await onTrial()
  await elsewhere('one', 9, 9)
  await elsewhere('two', 10, 1)
  expect(await verdict()).toBe('wait')
  await elsewhere('two', 11, 9)
  await rolledBack(/^too many requests failed.*: 20 requests, 90.0 % failed/)
})

it('a canary ends when answers are slow on all hosts together, though each of them alone saw too few', async () => {
  await onTrial()
  await elsewhere('one', 19, 0, 4)
  expect(await verdict()).toBe('wait')
  // Five, but one in twenty.
  await elsewhere('two', 81, 0, 1)
  expect(await verdict()).toBe('wait')
  await elsewhere('two', 81, 0, 2)
  await rolledBack(/^too many requests failed or were too slow: 100 requests, 0.0 % failed/)
})
