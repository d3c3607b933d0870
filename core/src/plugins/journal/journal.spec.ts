import { dataForEach } from '../testing/host-for-each.ts'
import { IllegalTransition, Journal, StaleToken } from './journal.ts'

const given = dataForEach()
const journal = () => new Journal(given.data.core, { now: () => new Date() })

describe('the journal', () => {
  const key = { plugin: 'demo', version: '1.0.0', digest: 'd', configRevision: 'c' }

  it('refuses a transition that its table does not know', async () => {
    await journal().append(key, 'RESOLVED', 1)
    await expect(journal().append(key, 'ACTIVE', 1)).rejects.toThrow(IllegalTransition)
  })

  it('refuses a writer whose lease is not the newest', async () => {
    await journal().append(key, 'RESOLVED', 7)
    await expect(journal().append(key, 'FETCHED', 6)).rejects.toThrow(StaleToken)
  })

  it('refuses a writer that has written before when a newer lease has written since', async () => {
    const [before, since] = [journal(), journal()]
    await before.append(key, 'RESOLVED', 1)
    await before.append({ ...key, version: '1.1.0' }, 'RESOLVED', 1)
    await since.append(key, 'FETCHED', 2)
    await expect(before.append(key, 'FETCHED', 1)).rejects.toThrow(StaleToken)
    await expect(before.append({ ...key, version: '1.1.0' }, 'FETCHED', 1)).rejects.toThrow(StaleToken)
    expect(await since.state(key)).toBe('FETCHED')
  })

  it('lets one of two writers at the same moment through', async () => {
    await journal().append(key, 'RESOLVED', 1)
    const results = await Promise.allSettled([journal().append(key, 'FETCHED', 1), journal().append(key, 'FETCHED', 1)])
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})
