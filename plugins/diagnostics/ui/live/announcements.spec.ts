import { changedVerdict, isNews } from './announcements.ts'
import type { LiveIncident, LiveView } from './types.ts'

const view = (state: string, messageId: string, customerId = 'c_1') =>
  ({ customerId, health: { state, messageId, parts: [] } }) as unknown as LiveView

describe('what is said of a live view', () => {
  it.each([
    ['the first verdict', view('ok', 'health.ok'), undefined, undefined],
    ['the same verdict with other numbers', view('ok', 'health.ok'), view('ok', 'health.ok'), undefined],
    ['a worse verdict', view('critical', 'health.bad'), view('ok', 'health.ok'), 'health.bad'],
    ['another customer', view('critical', 'health.bad', 'c_2'), view('ok', 'health.ok'), undefined],
  ])('%s', (_, now, before, said) => {
    expect(changedVerdict(now, before)).toBe(said)
  })

  it('tells once of an incident, and not again when it is changed or over', () => {
    const incident = { id: 'i_1', endedAt: null } as LiveIncident
    expect(isNews([], incident)).toBe(true)
    expect(isNews([incident], incident)).toBe(false)
    expect(isNews([incident], { ...incident, endedAt: '2026-01-01T00:00:00Z' })).toBe(false)
  })
})
