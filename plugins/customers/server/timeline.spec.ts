import type { TestHost } from '@dcesop/sdk-plugin/testing'
import stories from '../demo/stories.json' with { type: 'json' }
import { agent, importPeople, startCustomers } from './testing/customers-host.ts'

const followed = stories[4]?.customerId as string
const customer = `/customers/br/${followed}`

describe('timeline', () => {
  let host: TestHost

  beforeAll(async () => {
    host = await startCustomers()
    await importPeople(host, 'br', 10)
  })

  afterAll(() => host.dispose())

  const request: TestHost['request'] = (...args) => host.request(...args)

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
    expect(told).toEqual([expect.objectContaining({ region: 'br', key: followed })])
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
    const of = { action: 'customer.timeline', region: 'br', resource: followed }
    expect(host.audits.slice(before)).toEqual([
      { ...of, details: { entries: 2, older: false } },
      { ...of, details: { entries: 1, older: true } },
    ])
  })

  it('has on record who follows, which only a customer of the region can be', async () => {
    const before = host.audits.length
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
      key: followed,
      at: '2026-01-15T11:00:00Z',
      payload: { customerId: followed, entry },
    }
    await host.deliver(event)
    await host.deliver(event)
    await host.deliver({ ...event, id: 'event-2', payload: { ...event.payload, customerId: 'c_nobody' } })
    const { body } = await request(agent, 'GET', `${customer}/timeline`)
    const taken = body.entries.filter(({ kind }: { kind: string }) => kind === 'diagnosis')
    expect(taken).toEqual([expect.objectContaining({ titleKey: 'diagnostics.done', at: '2026-01-15T11:00:00.000Z' })])
  })
})
