import { bodyOf, canaryMistakes, type Change, changesOf, usualCanary } from './change.ts'

const upgrade: Change = { verb: 'upgrade', plugin: 'radio', from: '1.0.0', version: '1.1.0', source: 'store' }
const installed = { id: 'radio', version: '1.0.0', enabled: true, previous: null, canary: null, state: 'ACTIVE' }
const verbs = (...given: Parameters<typeof changesOf>) =>
  changesOf(...given).map(({ verb, version }) => [verb, version].filter(Boolean).join(' '))

describe('what is sent', () => {
  it('has only what was chosen', () => {
    expect(bodyOf(upgrade, {})).toEqual({ version: '1.1.0' })
    expect(bodyOf({ ...upgrade, source: 'registry' }, { others: [{ plugin: 'map', version: '2.0.0' }] })).toEqual({
      version: '1.1.0',
      from: 'registry',
      with: [{ plugin: 'map', version: '2.0.0' }],
    })
    expect(bodyOf({ ...upgrade, verb: 'disable' }, { region: 'br', cascade: true })).toEqual({
      region: 'br',
      cascade: true,
    })
    expect(bodyOf({ ...upgrade, verb: 'promote' }, { region: 'br' })).toEqual({})
  })

  it('has the settings of an installation, and of nothing else', () => {
    const config = { url: 'x' }
    expect(bodyOf({ ...upgrade, verb: 'install' }, { config })).toEqual({ version: '1.1.0', config })
    expect(bodyOf({ ...upgrade, verb: 'install' }, { config: {} })).toEqual({ version: '1.1.0' })
    expect(bodyOf(upgrade, { config })).toEqual({ version: '1.1.0' })
  })

  it('has the channel that an installation from the registry is to follow, and of nothing else', () => {
    const install: Change = { ...upgrade, verb: 'install', source: 'registry' }
    expect(bodyOf(install, { channel: 'next' })).toEqual({ version: '1.1.0', from: 'registry', channel: 'next' })
    expect(bodyOf({ ...install, source: 'store' }, { channel: 'next' })).toEqual({ version: '1.1.0' })
    expect(bodyOf({ ...install, verb: 'upgrade' }, { channel: 'next' })).not.toHaveProperty('channel')
  })

  it('has a canary in the host’s units, with the comma of a Brazilian keyboard', () => {
    const canary = { ...usualCanary('br'), percent: '2,5', minMinutes: '0,5', errorPoints: '0,5' }
    expect(bodyOf(upgrade, { canary })).toEqual({
      version: '1.1.0',
      canary: {
        percent: 2.5,
        minRequests: 100,
        minSeconds: 30,
        budgets: { errorRatio: 0.005, p95Ratio: 1.5 },
        promote: 'manual',
      },
    })
    expect(bodyOf(upgrade, { canary: { ...canary, by: 'region' } })).toMatchObject({ canary: { regions: ['br'] } })
  })

  it('says why there need be no way back', () => {
    expect(bodyOf(upgrade, { noRollbackReason: 'agreed with the data team' })).toMatchObject({
      acceptNoRollback: true,
      reason: 'agreed with the data team',
    })
  })
})

it('finds what is no number, or out of range', () => {
  expect(canaryMistakes(usualCanary('br'))).toEqual([])
  expect(
    canaryMistakes({ ...usualCanary('br'), percent: '0', minRequests: '1.5', minMinutes: '', errorPoints: 'x' }),
  ).toEqual(['percent', 'minRequests', 'minMinutes', 'errorPoints'])
  expect(canaryMistakes({ ...usualCanary('br'), by: 'region', percent: '' })).toEqual([])
})

describe('what is offered', () => {
  const newer = { version: '1.1.0', source: 'store' } as const
  it('is the upgrade first, where there is one', () => {
    expect(verbs(installed, newer)).toEqual(['upgrade 1.1.0', 'disable', 'uninstall'])
    expect(verbs(installed, null)).toEqual(['disable', 'uninstall'])
  })
  it('is the end of a canary only, while there is one', () => {
    expect(verbs({ ...installed, canary: { version: '1.1.0' } as never }, newer)).toEqual([
      'promote 1.1.0',
      'rollback 1.1.0',
    ])
  })
  it('is the way back, or to start again', () => {
    expect(verbs({ ...installed, previous: '0.9.0' }, null)).toEqual(['rollback 0.9.0', 'disable', 'uninstall'])
    expect(verbs({ ...installed, enabled: false }, newer)).toEqual(['enable', 'uninstall'])
  })
  it('is of the plugin as it was seen', () => {
    const seen = (more: { revision?: string }) =>
      changesOf({ ...installed, ...more }, newer).map((change) => change.seen)
    expect([seen({ revision: '5e' }), seen({})]).toEqual([Array(3).fill('5e'), Array(3).fill(undefined)])
  })
  it('is no start that would be refused', () => {
    expect(verbs({ ...installed, state: 'QUARANTINED' }, newer, true)).toEqual(['uninstall'])
  })
})
