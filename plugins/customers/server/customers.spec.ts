import type { TestHost } from '@dcesop/sdk-plugin/testing'
import stories from '../demo/stories.json' with { type: 'json' }
import { agent, crm, importPeople, mexicanAgent, startCustomers } from './testing/customers-host.ts'

const story = stories[0] as (typeof stories)[number]
const open = `/customers/br/${story.customerId}`

describe('customers', () => {
  let host: TestHost

  beforeAll(async () => {
    host = await startCustomers()
    await importPeople(host, 'br', 40)
    await importPeople(host, 'mx', 30)
  })

  afterAll(() => host.dispose())

  const request: TestHost['request'] = (...args) => host.request(...args)

  describe('360 view', () => {
    it('shows services and accounts with identifiers masked, and records the access first', async () => {
      const before = host.audits.length
      const { status, body, headers } = await request(agent, 'GET', open)
      expect(status).toBe(200)
      expect(headers['cache-control']).toBe('no-store')
      expect(body).toMatchObject({ name: 'Ana Júlia Mello Brandão', country: 'BR', segment: expect.any(String) })
      expect(body.phones[0]).toEqual({ field: 'phones/0', label: 'mobile', masked: '+55 11 ••••• 1001' })
      expect(body.services[0]).toMatchObject({
        id: story.services[0]?.serviceId,
        technology: 'mobile',
        label: '+55 11 ••••• 1001',
      })
      expect(JSON.stringify(body)).not.toContain('999001001')
      expect(host.audits.slice(before)).toEqual([{ action: 'customer.view', region: 'br', resource: story.customerId }])
    })

    it('is the same 404 for another region, an unknown id and an unknown region, with nothing recorded', async () => {
      const before = host.audits.length
      const answers = await Promise.all([
        request(mexicanAgent, 'GET', open),
        request(agent, 'GET', `/customers/br/c_00000000000000000000`),
        request(agent, 'GET', `/customers/zz/${story.customerId}`),
        request(agent, 'GET', `/customers/mx/${story.customerId}`),
      ])
      for (const answer of answers) {
        expect(answer.status).toBe(404)
        expect(answer.body).toEqual({ ...answers[0]?.body, traceId: expect.any(String) })
      }
      expect(host.audits).toHaveLength(before)
    })
  })

  describe('reveal', () => {
    it('gives the value for a reason that is recorded without it', async () => {
      const body = { field: 'phones/0', reason: 'Customer asks to confirm the number' }
      const answer = await request(agent, 'POST', `${open}/reveal`, { body })
      expect(answer.body).toEqual({ field: 'phones/0', value: '+55 11 99900 1001' })
      expect(host.audits.at(-1)).toEqual({
        action: 'customer.reveal',
        region: 'br',
        resource: story.customerId,
        reason: body.reason,
        details: { field: 'phones/0' },
      })
    })

    it('needs the permission, a reason and a field that is there', async () => {
      const reason = 'Identity check'
      const viewer = { ...agent, permissions: new Set(['customers:view']) }
      expect((await request(viewer, 'POST', `${open}/reveal`, { body: { field: 'phones/0', reason } })).status).toBe(
        403,
      )
      for (const unseen of [' ', '\u200b'.repeat(8)])
        expect(
          (await request(agent, 'POST', `${open}/reveal`, { body: { field: 'phones/0', reason: unseen } })).status,
        ).toBe(400)
      for (const forged of [
        'Identity check\r\ncustomer.view allowed',
        'Identity \u202e check',
        'Identity \u001b[2K check',
      ])
        expect(
          (await request(agent, 'POST', `${open}/reveal`, { body: { field: 'phones/0', reason: forged } })).status,
        ).toBe(400)
      expect((await request(agent, 'POST', `${open}/reveal`, { body: { field: 'personal', reason } })).status).toBe(400)
      expect((await request(agent, 'POST', `${open}/reveal`, { body: { field: 'phones/9', reason } })).status).toBe(404)
    })
  })

  it('names ids that a screen kept, leaving out those of other regions', async () => {
    const mx = stories.find(({ region }) => region === 'mx')
    const customers = [story, mx].map((one) => ({ region: one?.region, id: one?.customerId }))
    const before = host.audits.length
    const { body } = await request(agent, 'POST', '/summaries', { body: { customers } })
    expect(body.customers).toEqual([expect.objectContaining({ id: story.customerId, name: 'Ana Júlia Mello Brandão' })])
    expect(host.audits.slice(before)).toEqual([
      { action: 'customer.summary', region: 'br', resource: story.customerId, details: { results: 1 } },
    ])
  })

  it('lets nobody import without the permission, and has each import on record', async () => {
    expect((await request(agent, 'POST', '/import?region=br', { rows: [] })).status).toBe(403)
    expect((await request(crm, 'POST', '/import?region=zz', { rows: [] })).status).toBe(404)
    const before = host.audits.length
    expect((await request(crm, 'POST', '/import?region=br', { rows: [] })).status).toBe(200)
    expect(host.audits.slice(before)).toEqual([{ action: 'customer.import', region: 'br' }])
  })
})
