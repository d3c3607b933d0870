import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createTestHost, testIdentity, type TestHost } from '@dcesop/sdk-plugin/testing'
import manifest from '../dcesop.plugin.json' with { type: 'json' }
import plugin from './main.ts'

const agent = testIdentity(['template-id:use'])

describe('GET /estimate', () => {
  let host: TestHost
  before(async () => {
    host = await createTestHost({ manifest, plugin })
  })
  after(() => host?.dispose())

  it('sends a large household to fibre', async () => {
    const answer = await host.request(agent, 'GET', '/estimate?people=4&streams=4')
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.body, { megabits: 120, technology: 'fibre' })
  })

  it('leaves a small one on the mobile network', async () => {
    assert.deepEqual(await host.read(agent, '/estimate?people=1&streams=1'), { megabits: 30, technology: 'mobile' })
  })

  it('refuses what is not a household', async () => {
    const answer = await host.request(agent, 'GET', '/estimate?people=many&streams=1')
    assert.equal(answer.status, 400)
  })

  it('answers only who may use it', async () => {
    const answer = await host.request(testIdentity([]), 'GET', '/estimate?people=1&streams=1')
    assert.equal(answer.status, 403)
  })
})
