import { Candidates } from '../../registry/src/distribution/resolve/candidates.ts'
import { resolvePlan } from '../../registry/src/distribution/resolve/plan.ts'
import { generatedRegistry } from '../../registry/src/testing/generated-registry.ts'
import { percentile, report } from './report.ts'

const engines = { dcesop: '0.1.0', sdk: '0.1.0', node: '24.0.0' }

/** Plans on a generated registry of 2,000 plugins with 20 versions each, in processor time: the machine may be busy with other things. */
export function benchResolver(): void {
  const all = generatedRegistry(2000, 20)
  const indexed = spent(() => new Candidates(all))
  report({ name: 'resolver: 40,000 versions indexed', value: indexed.ms, unit: 'ms' })
  const times: number[] = []
  const outcomes = { planned: 0, explained: 0, largest: 0 }
  for (let plugin = 20; plugin < 2000; plugin += 20) {
    // Every second wish pins old versions, which many plugins exclude.
    const range = plugin % 40 === 0 ? '^1.0.0' : '*'
    const install = [0, 1, 2].map((step) => ({ plugin: `p${plugin - step * 7}`, range: step === 0 ? '*' : range }))
    const { ms, result } = spent(() =>
      resolvePlan(indexed.result, { engines, installed: new Map(), install, remove: [] }),
    )
    times.push(ms)
    outcomes[result.ok ? 'planned' : 'explained'] += 1
    if (result.ok) outcomes.largest = Math.max(outcomes.largest, result.steps.length)
  }
  report({ name: 'resolver: wishes with a plan', value: outcomes.planned, unit: `of ${times.length}` })
  report({ name: 'resolver: plugins in the largest plan', value: outcomes.largest, unit: 'plugins' })
  for (const share of [0.5, 0.99])
    report({ name: `resolver: p${share * 100} of a plan or explanation`, value: percentile(times, share), unit: 'ms' })
}

function spent<T>(work: () => T): { ms: number; result: T } {
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  return { ms: (user + system) / 1000, result }
}
