import type { TestHost } from '@dcesop/sdk-plugin/testing'
import { Ajv2020 } from 'ajv/dist/2020.js'
import stories from '../demo/stories.json' with { type: 'json' }
import { agent, importPeople, startCustomers } from './testing/customers-host.ts'
import { timelineEventSchema } from './timeline-event.ts'

interface Page {
  readonly entries: readonly { readonly at: string }[]
  readonly cursor?: string
}

const story = stories[0] as (typeof stories)[number]

it('takes events by a schema that is a JSON Schema', () => {
  expect(new Ajv2020().validateSchema(timelineEventSchema)).toBe(true)
})

describe('entries of other plugins', () => {
  let host: TestHost
  beforeAll(async () => {
    host = await startCustomers()
    await importPeople(host, story.region, 60)
  })
  afterAll(() => host.dispose())

  const entry = { id: 'x', at: '2026-01-15T11:00:00Z', kind: 'visit', channel: 'store', titleKey: 'timeline.visit' }
  const deliver = (id: string, payload: unknown) => {
    const { region, customerId: key } = story
    return host.deliver({ id, topic: 'customers.timeline-entry/v1', region, key, payload })
  }

  it.each([
    ['no payload', null],
    ['no entry', { customerId: 'c_one', entry: null }],
    ['an operator for an id', { customerId: { $gt: '' }, entry: {} }],
    ['a number for a time', { at: 5 }],
    ['values that are a list', { values: [1] }],
    ['values that are nothing', { values: null }],
    ['an operator for a title', { title: { es: { $gt: '' } } }],
  ])('refuses an event with %s by the contract', async (_name, change) => {
    const whole = change === null || 'entry' in change
    const payload = whole ? change : { customerId: story.customerId, entry: { ...entry, ...change } }
    await expect(deliver('hostile', payload)).rejects.toMatchObject({ status: 422, code: 'invalid_entry' })
  })

  it('are paged through also where they are older than computers', async () => {
    for (const day of ['01', '02', '03']) {
      const old = { ...entry, at: `1969-07-${day}T00:00:00Z` }
      await deliver(`old-${day}`, { customerId: story.customerId, entry: old })
    }
    const seen: string[] = []
    const path = `/customers/${story.region}/${story.customerId}/timeline?limit=1`
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const next: string = cursor === '' ? path : `${path}&cursor=${cursor}`
      const { body }: { body: Page } = await host.request<Page>(agent, 'GET', next)
      seen.push(...body.entries.map(({ at }) => at))
      cursor = body.cursor
    }
    expect(seen.slice(-3).map((at) => at.slice(0, 10))).toEqual(['1969-07-03', '1969-07-02', '1969-07-01'])
  })
})
