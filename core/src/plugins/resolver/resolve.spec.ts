import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import fc from 'fast-check'
import { fixtureManifest } from '../testing/fixture-plugin.ts'
import { dependantsOf } from './order.ts'
import { resolve } from './resolve.ts'

const engines = { dcesop: '0.3.1', sdk: '0.2.0', node: '24.1.0' }

function plugin(id: string, change: Partial<PluginManifest> = {}, version = '1.0.0'): PluginManifest {
  return { ...fixtureManifest({ id, version }), engines: { dcesop: '^0.3.0', sdk: '^0.2.0' }, ...change }
}

function decide(...manifests: PluginManifest[]) {
  return resolve(
    new Map(manifests.map((manifest) => [manifest.id, manifest])),
    manifests.map(({ id }) => id),
    engines,
  )
}

const directory = plugin('customers', { provides: { 'customers.directory': '1.4.0' } })
const needsDirectory = (range: string, more: object = {}) => ({
  consumes: [{ capability: 'customers.directory', range, ...more }],
})

describe('what can run together', () => {
  it('starts providers before those who need them', () => {
    expect(decide(plugin('a-diagnostics', needsDirectory('^1.2')), directory)).toEqual({
      order: ['customers', 'a-diagnostics'],
      refusals: [],
      degradations: [],
    })
  })

  it('starts without an optional capability, and says what is lacking', () => {
    const { order, degradations } = decide(
      plugin('offers', needsDirectory('^1', { optional: true, degrade: 'readonly' })),
    )
    expect(order).toEqual(['offers'])
    expect(degradations).toEqual([
      expect.objectContaining({
        plugin: 'offers',
        capability: 'customers.directory',
        degrade: 'readonly',
        explanation: expect.stringContaining('nobody provides it') as string,
      }),
    ])
  })

  it('lets optional needs close a loop', () => {
    const a = plugin('a', {
      provides: { 'a.one': '1.0.0' },
      consumes: [{ capability: 'b.one', range: '^1', optional: true }],
    })
    const b = plugin('b', { provides: { 'b.one': '1.0.0' }, consumes: [{ capability: 'a.one', range: '^1' }] })
    expect(decide(a, b)).toMatchObject({ order: ['a', 'b'], refusals: [] })
  })
})

describe('what is refused, with an explanation', () => {
  const cases: [string, () => ReturnType<typeof resolve>, string, string, string][] = [
    [
      'an engine',
      () => decide(plugin('old', { engines: { dcesop: '^0.2.0', sdk: '^0.2.0' } })),
      'old',
      'engine_mismatch',
      'needs the host in version ^0.2.0, but this is 0.3.1',
    ],
    [
      'an SDK',
      () => decide(plugin('old', { engines: { dcesop: '*', sdk: '^1.0.0' } })),
      'old',
      'engine_mismatch',
      'needs the SDK in version ^1.0.0, but this is 0.2.0',
    ],
    [
      'a missing capability',
      () => decide(plugin('x', needsDirectory('^1'))),
      'x',
      'capability_missing',
      'no plugin in the store provides it',
    ],
    [
      'a range',
      () => decide(directory, plugin('x', needsDirectory('^2'))),
      'x',
      'capability_out_of_range',
      '"customers" 1.0.0 provides version 1.4.0',
    ],
    [
      'a provider that falls itself',
      () => decide({ ...directory, engines: { dcesop: '^9', sdk: '*' } }, plugin('x', needsDirectory('^1'))),
      'x',
      'capability_missing',
      'its provider "customers" was refused itself',
    ],
    [
      'a second provider',
      () => decide(directory, plugin('rival', { provides: { 'customers.directory': '1.0.0' } })),
      'rival',
      'duplicate_provider',
      '"customers" provides it already',
    ],
    [
      'a conflict',
      () =>
        decide(
          directory,
          plugin('x', { conflicts: [{ plugin: 'customers', range: '<2', reason: 'Both own the customer page.' }] }),
        ),
      'x',
      'conflict',
      'cannot run beside "customers" 1.0.0: Both own the customer page.',
    ],
  ]

  it.each(cases)('%s', (_name, run, id, code, words) => {
    const { refusals, order } = run()
    const refusal = refusals.find((candidate) => candidate.plugin === id)
    expect(refusal).toMatchObject({ code, why: { reason: expect.stringContaining(words) as string } })
    expect(order).not.toContain(id)
  })

  it('a loop, written out for each plugin on it', () => {
    const ring = (id: string, next: string) =>
      plugin(id, { provides: { [`${id}.x`]: '1.0.0' }, consumes: [{ capability: `${next}.x`, range: '^1' }] })
    const { order, refusals } = decide(ring('a', 'b'), ring('b', 'c'), ring('c', 'a'), directory)
    expect(order).toEqual(['customers'])
    expect(refusals.map(({ plugin: id, code }) => `${id} ${code}`)).toEqual(['a cycle', 'b cycle', 'c cycle'])
    expect(refusals[0]?.why.reason).toContain('a needs b needs c needs a')
  })

  it('a plugin without a package', () => {
    expect(resolve(new Map(), ['ghost'], engines).refusals[0]).toMatchObject({
      plugin: 'ghost',
      code: 'plugin_missing',
    })
  })
})

describe('for every set of plugins', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f']
  const needs = fc.uniqueArray(
    fc.record({ of: fc.constantFrom(...ids), range: fc.constantFrom('^1', '^2'), optional: fc.boolean() }),
    { selector: ({ of }) => of, maxLength: 3 },
  )
  const sets = fc.uniqueArray(
    fc.record({ id: fc.constantFrom(...ids), major: fc.constantFrom('1.0.0', '2.0.0'), needs }),
    { selector: ({ id }) => id },
  )

  it('the order respects what is required, and everything desired is either in it or explained', () => {
    fc.assert(
      fc.property(sets, (chosen) => {
        const manifests = chosen.map(({ id, major, needs: wanted }) =>
          plugin(id, {
            provides: { [`${id}.x`]: major },
            consumes: wanted.map(({ of, range, optional }) => ({ capability: `${of}.x`, range, optional })),
          }),
        )
        const { order, refusals } = decide(...manifests)
        for (const { id, consumes = [] } of manifests.filter((manifest) => order.includes(manifest.id))) {
          for (const { capability, optional } of consumes) {
            const provider = capability.slice(0, 1)
            if (!optional && provider !== id) expect(order.indexOf(provider)).toBeLessThan(order.indexOf(id))
            if (!optional) expect(order).toContain(provider)
          }
        }
        expect([...new Set([...order, ...refusals.map((refusal) => refusal.plugin)])].sort()).toEqual(
          manifests.map(({ id }) => id).sort(),
        )
        for (const { why } of refusals) expect(why.reason).toMatch(/^Plugin ".+\.$/)
      }),
    )
  })
})

it('lists dependants nearest first', () => {
  const middle = plugin('middle', { ...needsDirectory('^1'), provides: { 'middle.x': '1.0.0' } })
  const far = plugin('far', { consumes: [{ capability: 'middle.x', range: '*' }] })
  expect(dependantsOf('customers', [far, middle, directory])).toEqual(['middle', 'far'])
})
