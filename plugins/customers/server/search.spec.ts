import type { TestHost } from '@dcesop/sdk-plugin/testing'
import stories from '../demo/stories.json' with { type: 'json' }
import { agent, both, importPeople, mexicanAgent, startCustomers } from './testing/customers-host.ts'

const story = stories[0] as (typeof stories)[number]
const open = `/customers/br/${story.customerId}`

describe('search', () => {
  let host: TestHost
  let rows: Awaited<ReturnType<typeof importPeople>>

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
    expect(recorded.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(shown.map(({ region, id }) => ({ region, id })))
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
