import type { TestHost } from '@dcesop/sdk-plugin/testing'
import stories from '../demo/stories.json' with { type: 'json' }
import { agent, both, crm, importPeople, mexicanAgent, startCustomers } from './testing/customers-host.ts'

type Rows = Awaited<ReturnType<typeof importPeople>>

const story = stories[0] as (typeof stories)[number]
const open = `/customers/br/${story.customerId}`

describe('customers', () => {
  let host: TestHost
  let rows: Rows

  beforeAll(async () => {
    host = await startCustomers()
    rows = await importPeople(host, 'br', 120)
    await importPeople(host, 'mx', 30)
  })

  afterAll(() => host.dispose())

  const request: TestHost['request'] = (...args) => host.request(...args)
  const search = async (q: string, identity = agent) => {
    const answer = await request(identity, 'POST', '/search', { body: { q } })
    return answer.body.results as { id: string; name: string; matched: string; phone: string }[]
  }

  describe('search', () => {
    it.each([
      ['(11) 99900-1001', 'phone'],
      ['+55 11 999001001', 'phone'],
      ['(11) 9900-1001', 'phone'],
      ['story-br-01@example.com', 'email'],
      ['br-10000000', 'account'],
      ['Ana Júlia de Mello e Brandão', 'name'],
      ['mello brand', 'name'],
      ['ana jul', 'name'],
      ['BRANDAO', 'name'],
    ])('finds the customer by %s', async (q, matched) => {
      const results = await search(q)
      expect(results).toContainEqual(
        expect.objectContaining({ id: story.customerId, name: 'Ana Júlia Mello Brandão', matched }),
      )
    })

    it('finds a document with and without punctuation', async () => {
      const { value } = rows[20]?.documents[0] ?? { value: '' }
      const punctuated = value.replace(/^(\d{3})(\d{3})(\d{3})(\d{2})$/, '$1.$2.$3-$4')
      const [plain, formatted] = [await search(value), await search(punctuated)]
      expect(plain).toHaveLength(1)
      expect(formatted).toEqual(plain)
    })

    it('gives at most 20 results and no identifier in full', async () => {
      expect(await search('si')).toHaveLength(20)
      const [first] = await search('(11) 99900-1001')
      expect(JSON.stringify(first)).not.toMatch(/99900|1001@/)
      expect(first?.phone).toBe('+55 11 ••••• 1001')
    })

    it.each([
      ['(11) 99900-1001', { by: 'phone account', masked: '+55 11 ••••• 1001' }],
      ['story-br-01@example.com', { by: 'email', masked: 's•••@example.com' }],
      ['br-10000000', { by: 'account' }],
      ['Ana Júlia Mello', { by: 'name' }],
    ])('of %s has on record who was shown to whom asked, and nothing in clear', async (q, sought) => {
      const before = host.audits.length
      expect(await search(q)).toHaveLength(1)
      expect(host.audits.slice(before)).toEqual([
        {
          action: 'customer.search',
          region: 'br',
          resource: story.customerId,
          details: { ...sought, results: 1 },
        },
      ])
    })

    it('has on record that nobody was found, too, and what may be a document masked as one', async () => {
      const before = host.audits.length
      expect(await search('390.533.447-05')).toEqual([])
      expect(host.audits.slice(before)).toEqual([
        {
          action: 'customer.search',
          region: 'br',
          details: { by: 'document account', masked: '•••.•••.••7-05', results: 0 },
        },
      ])
    })

    it('has on record, in each region that was searched, all who are shown and no others', async () => {
      const before = host.audits.length
      const { body } = await request(both, 'POST', '/search', { body: { q: 'an', limit: 10 } })
      const shown = (body.results as { region: string; id: string }[]).toSorted((a, b) => (a.id < b.id ? -1 : 1))
      const records = host.audits.slice(before)
      expect(records.map(({ action, region }) => [action, region])).toEqual([
        ['customer.search', 'br'],
        ['customer.search', 'mx'],
      ])
      const recorded = records.flatMap(({ region, resource, details }) =>
        String(resource ?? details?.['customers'])
          .split(' ')
          .map((id) => ({ region, id })),
      )
      expect(recorded.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
        shown.map(({ region, id }) => ({ region, id })),
      )
    })

    it('shows nothing that cannot be put on record', async () => {
      // The same for a customer’s page: what was shown without a record cannot be taken back.
      const push = () => {
        throw new Error('The audit does not answer.')
      }
      Object.assign(host.audits, { push })
      try {
        const customers = [{ region: 'br', id: story.customerId }]
        const answers = await Promise.all([
          request(agent, 'POST', '/search', { body: { q: '(11) 99900-1001' } }),
          request(agent, 'POST', '/summaries', { body: { customers } }),
          request(agent, 'GET', `${open}/timeline`),
          request(agent, 'GET', open),
        ])
        expect(answers.map(({ status }) => status)).toEqual([500, 500, 500, 500])
        expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain('Ana')
      } finally {
        delete (host.audits as { push?: unknown }).push
      }
    })

    it('answers GET and POST alike', async () => {
      const get = await request(agent, 'GET', `/search?q=${encodeURIComponent('(11) 99900-1001')}&region=br&limit=5`)
      expect(get.body.results).toEqual(await search('(11) 99900-1001'))
    })

    it('finds nobody of another region, and answers a foreign region like an unknown one', async () => {
      expect(await search('(11) 99900-1001', mexicanAgent)).toEqual([])
      const foreign = await request(mexicanAgent, 'GET', '/search?q=silva&region=br')
      const unknown = await request(mexicanAgent, 'GET', '/search?q=silva&region=zz')
      expect(foreign.status).toBe(404)
      expect(foreign.body).toEqual({ ...unknown.body, traceId: expect.any(String) })
    })

    it.each([{ q: { $gt: '' } }, { q: 'silva', $where: '1' }, { q: 'a' }, { q: 'silva', limit: 21 }, {}, []])(
      'refuses %j',
      async (body) => {
        const answer = await request(agent, 'POST', '/search', { body })
        expect(answer.status).toBeGreaterThanOrEqual(400)
        expect(answer.status).toBeLessThan(500)
      },
    )

    it.each(['.*', '^', '[a-z', '(xq|silva', '\\', '$ne', '{"$gt":""}'])('takes %j as text', async (q) => {
      const answer = await request(agent, 'POST', '/search', { body: { q: q.padEnd(2) } })
      expect(answer.status).toBe(200)
      expect(answer.body.results).toEqual([])
    })
  })

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

  describe('timeline', () => {
    const customer = `/customers/br/${stories[4]?.customerId}`

    it('keeps a note once per Idempotency-Key, tells open screens, and shows it first', async () => {
      const headers = { 'idempotency-key': 'note-0001' }
      const body = { text: 'Called back <b>twice</b>' }
      const first = await request(agent, 'POST', `${customer}/notes`, { body, headers })
      const again = await request(agent, 'POST', `${customer}/notes`, { body, headers })
      expect([first.status, again.status]).toEqual([201, 200])
      expect(again.body).toEqual(first.body)
      const other = await request(agent, 'POST', `${customer}/notes`, { body: { text: 'Something else' }, headers })
      expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused'])
      const page = await request(agent, 'GET', `${customer}/timeline`)
      expect(page.body.entries[0]).toEqual(
        expect.objectContaining({ kind: 'note', text: body.text, author: 'Ana Agente' }),
      )
      const told = host.messages.filter(({ topic }) => topic === 'customers.timeline')
      expect(told).toEqual([expect.objectContaining({ region: 'br', key: stories[4]?.customerId })])
    })

    it('answers a note as it is stored, whatever was sent, and takes none that nobody can see', async () => {
      const headers = { 'idempotency-key': 'note-0002' }
      const body = { text: 'half \ud83d of a sign' }
      const first = await request(agent, 'POST', `${customer}/notes`, { body, headers })
      const again = await request(agent, 'POST', `${customer}/notes`, { body, headers })
      expect([first.status, again.status, again.body.text]).toEqual([201, 200, first.body.text])
      const unseen = await request(agent, 'POST', `${customer}/notes`, { body: { text: '\u200b\u2060' } })
      expect(unseen.status).toBe(400)
    })

    it('pages through everything once, newest first', async () => {
      const seen: { id: string; at: string }[] = []
      let cursor = ''
      do {
        const page = await request(agent, 'GET', `${customer}/timeline?limit=2${cursor && `&cursor=${cursor}`}`)
        seen.push(...page.body.entries)
        cursor = page.body.cursor ?? ''
      } while (cursor !== '')
      const all = (await request(agent, 'GET', `${customer}/timeline?limit=50`)).body.entries
      expect(seen).toEqual(all)
      expect(seen.map(({ at }) => at)).toEqual(
        seen
          .map(({ at }) => at)
          .toSorted()
          .toReversed(),
      )
    })

    it('has each page on record, first and older ones', async () => {
      const { body } = await request(agent, 'GET', `${customer}/timeline?limit=2`)
      const before = host.audits.length
      await request(agent, 'GET', `${customer}/timeline?limit=2`)
      await request(agent, 'GET', `${customer}/timeline?limit=1&cursor=${body.cursor}`)
      const of = { action: 'customer.timeline', region: 'br', resource: stories[4]?.customerId }
      expect(host.audits.slice(before)).toEqual([
        { ...of, details: { entries: 2, older: false } },
        { ...of, details: { entries: 1, older: true } },
      ])
    })

    it('has on record who follows, which only a customer of the region can be', async () => {
      const before = host.audits.length
      const followed = stories[4]?.customerId as string
      await host.listen(agent, 'customers.timeline', 'br', followed)
      for (const [region, key] of [
        ['br', '529.982.247-25'],
        ['mx', followed],
      ] as const)
        await expect(host.listen(agent, 'customers.timeline', region, key)).rejects.toMatchObject({ status: 404 })
      expect(host.audits.slice(before)).toEqual([{ action: 'customer.follow', region: 'br', resource: followed }])
    })

    it('filters by channel and refuses foreign cursors', async () => {
      const page = await request(agent, 'GET', `${customer}/timeline?channel=portal`)
      const channels = page.body.entries.map(({ channel }: { channel: string }) => channel)
      expect([...new Set(channels)]).toEqual(['portal'])
      expect((await request(agent, 'GET', `${customer}/timeline?cursor=eyIkZ3QiOiIifQ`)).status).toBe(400)
    })

    it('takes entries of other plugins once, however often they are delivered', async () => {
      const entry = {
        id: 'x',
        at: '2026-01-15T11:00:00Z',
        kind: 'diagnosis',
        channel: 'system' as const,
        titleKey: 'diagnostics.done',
      }
      const event = {
        id: 'event-1',
        topic: 'customers.timeline-entry/v1',
        region: 'br',
        key: story.customerId,
        at: '2026-01-15T11:00:00Z',
        payload: { customerId: story.customerId, entry },
      }
      await host.deliver(event)
      await host.deliver(event)
      await host.deliver({ ...event, id: 'event-2', payload: { ...event.payload, customerId: 'c_nobody' } })
      const { body } = await request(agent, 'GET', `${open}/timeline`)
      const taken = body.entries.filter(({ kind }: { kind: string }) => kind === 'diagnosis')
      expect(taken).toEqual([expect.objectContaining({ titleKey: 'diagnostics.done', at: '2026-01-15T11:00:00.000Z' })])
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
