import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createTestHost, testIdentity, type TestHost } from '@dcesop/sdk-plugin/testing'
import manifest from '../dcesop.plugin.json' with { type: 'json' }
import plugin from './main.ts'

const agent = testIdentity(['line-test:run'])

describe('POST /tests', () => {
  let host: TestHost
  before(async () => {
    host = await createTestHost({ manifest, plugin })
  })
  after(() => host.dispose())

  for (const [decibel, verdict] of [
    [2, 'good'],
    [6, 'worn'],
    [30, 'broken'],
  ] as const)
    it(`calls ${decibel} dB over a kilometre ${verdict}, and puts it on record`, async () => {
      const answer = await host.request(agent, 'POST', '/tests', { body: { metres: 1000, decibel } })
      assert.deepEqual(answer.body, { verdict })
      assert.deepEqual(host.audits.at(-1)?.details, { verdict })
    })
})
