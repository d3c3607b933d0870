import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { createTestHost, testIdentity, type TestHost } from '@dcesop/sdk-plugin/testing'
import manifest from '../dcesop.plugin.json' with { type: 'json' }
import plugin from './main.ts'

const agent = testIdentity(['template-id:use'])
const ticket = { reference: 'case-00001', summary: 'No signal' }

describe('the partner', () => {
  let host: TestHost
  let partner: Server
  /** Statuses that the partner answers, in order; 200 when there are no more. */
  let answers: number[]
  let asked: IncomingMessage[]
  before(async () => {
    partner = createServer((request: IncomingMessage, response: ServerResponse) => {
      asked.push(request)
      response.writeHead(answers.shift() ?? 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ id: 'T-1' }))
    })
    await new Promise<void>((resolve) => partner.listen(0, '127.0.0.1', resolve))
    const { port } = partner.address() as AddressInfo
    const config = { baseUrl: `http://127.0.0.1:${port}`, attempts: 3, pauseMs: 1 }
    host = await createTestHost({ manifest, plugin, config })
  })
  beforeEach(() => {
    answers = []
    asked = []
  })
  after(async () => {
    await host?.dispose()
    partner.close()
  })

  it('opens a ticket, and hears the same key again after a fault', async () => {
    answers = [503, 503]
    const answer = await host.request(agent, 'POST', '/tickets', { body: ticket })
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.body, { id: 'T-1' })
    assert.deepEqual(
      asked.map(({ headers }) => headers['idempotency-key']),
      ['case-00001', 'case-00001', 'case-00001'],
    )
    assert.equal(host.audits.at(-1)?.action, 'ticket.open')
  })

  it('is not asked again for what it refused', async () => {
    answers = [422]
    const answer = await host.request(agent, 'POST', '/tickets', { body: ticket })
    assert.equal(answer.status, 502)
    assert.equal(asked.length, 1)
  })

  it('is given up after the last attempt', async () => {
    answers = [500, 500, 500]
    const answer = await host.request(agent, 'POST', '/tickets', { body: ticket })
    assert.equal(answer.status, 502)
    assert.equal(answer.body.code, 'upstream_failed')
    assert.equal(asked.length, 3)
  })

  it('is looked at by a job', async () => {
    assert.deepEqual(await host.read(agent, '/status'), { state: 'unknown' })
    await host.runJob('check-status')
    assert.deepEqual(await host.read(agent, '/status'), { state: 'up', checkedAt: host.clock.at(0) })
    answers = [500, 500, 500]
    await host.runJob('check-status')
    assert.deepEqual(await host.read(agent, '/status'), { state: 'down', checkedAt: host.clock.at(0) })
  })
})
