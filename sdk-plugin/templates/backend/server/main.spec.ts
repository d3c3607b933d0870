import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createTestHost, testIdentity, type TestHost } from '@dcesop/sdk-plugin/testing'
import manifest from '../dcesop.plugin.json' with { type: 'json' }
import plugin, { type Estimates } from './main.ts'

const agent = testIdentity(['template-id:use'])
const household = { people: 4, streams: 4 }

describe('estimates', () => {
  let host: TestHost
  before(async () => {
    host = await createTestHost({ manifest, plugin })
  })
  after(() => host?.dispose())

  it('answer people over HTTP', async () => {
    const answer = await host.request(agent, 'POST', '/estimates', { body: household })
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.body, { megabits: 120, technology: 'fibre' })
  })

  it('answer other plugins through a capability', async () => {
    const estimates = host.capability<Estimates>('template-id.estimates')
    assert.deepEqual(await estimates.estimate({ people: 1, streams: 1 }), { megabits: 30, technology: 'mobile' })
  })

  it('refuse what is not a household', async () => {
    const answer = await host.request(agent, 'POST', '/estimates', { body: { ...household, income: 1 } })
    assert.equal(answer.status, 400)
  })

  it('are only for who may use them', async () => {
    const answer = await host.request(testIdentity([]), 'POST', '/estimates', { body: household })
    assert.equal(answer.status, 403)
  })
})
