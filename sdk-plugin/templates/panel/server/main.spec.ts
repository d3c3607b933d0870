import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createTestHost, testIdentity, type TestHost } from '@dcesop/sdk-plugin/testing'
import manifest from '../dcesop.plugin.json' with { type: 'json' }
import plugin from './main.ts'

const agent = testIdentity(['template-id:use'])

describe('GET /steps', () => {
  let host: TestHost
  before(async () => {
    host = await createTestHost({ manifest, plugin })
  })
  after(() => host?.dispose())

  it('answers the steps of a technology', async () => {
    const steps = await host.read(agent, '/steps?technologies=fibre')
    assert.deepEqual(steps, ['power-cycle', 'check-cable', 'move-closer'])
  })

  it('joins those of two', async () => {
    assert.equal((await host.read<string[]>(agent, '/steps?technologies=fibre,mobile')).length, 6)
  })

  it('refuses a technology that it does not know', async () => {
    const answer = await host.request(agent, 'GET', '/steps?technologies=telegraph')
    assert.equal(answer.status, 400)
  })

  it('answers only who may use it', async () => {
    const answer = await host.request(testIdentity([]), 'GET', '/steps?technologies=fibre')
    assert.equal(answer.status, 403)
  })
})
