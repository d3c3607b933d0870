import { dataForEach } from '../testing/host-for-each.ts'
import { type DesiredState, DesiredStates } from './desired.ts'
import { StaleToken } from './journal.ts'

const given = dataForEach()

const state: DesiredState = {
  ...{ plugin: 'demo', version: '1.0.0', digest: 'd', configRevision: 'c' },
  ...{ enabled: true, since: new Date() },
}
const target = { plugin: 'demo', version: '1.1.0', digest: 'e', configRevision: 'c' }

describe('what is wanted of a plugin', () => {
  it('is not changed any more under a lease that has a successor', async () => {
    const states = new DesiredStates(given.data.core)
    await states.add({ ...state, pending: { verb: 'upgrade', from: state, to: target } }, 3)
    await states.fence('demo', 5)
    await expect(states.put({ ...state, enabled: false }, 4)).rejects.toThrow(StaleToken)
    await expect(states.complete({ ...state, ...target }, target, 4)).rejects.toThrow(StaleToken)
    await expect(states.remove('demo', 4)).rejects.toThrow(StaleToken)
    expect(await states.get('demo')).toMatchObject({ version: '1.0.0', enabled: true, pending: { to: target } })
    // Who comes late with an old token takes no newer one back.
    await states.fence('demo', 4)
    await expect(states.put({ ...state, enabled: false }, 4)).rejects.toThrow(StaleToken)
    await states.put({ ...state, enabled: false }, 5)
    expect(await states.get('demo')).toMatchObject({ enabled: false })
  })

  it('does not come back when it was taken out meanwhile, and is not installed twice', async () => {
    const states = new DesiredStates(given.data.core)
    await states.add(state, 3)
    await expect(states.add(state, 4)).rejects.toThrow(StaleToken)
    await states.remove('demo', 4)
    await expect(states.put(state, 3)).rejects.toThrow(StaleToken)
    expect(await states.all()).toEqual([])
  })

  it('of before there were fences can be changed', async () => {
    const { plugin, ...fields } = state
    await given.data.core.collection<{ _id: string }>('plugin_desired').insertOne({ _id: plugin, ...fields })
    const states = new DesiredStates(given.data.core)
    await states.put({ ...state, enabled: false }, 1)
    expect(await states.get('demo')).toMatchObject({ enabled: false })
  })
})
