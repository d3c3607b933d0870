import { changedVerdict, IncidentNews } from './announcements.ts'
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

  describe('of a pushed incident', () => {
    const incident = { id: 'i_1', endedAt: null } as LiveIncident
    const over = { ...incident, endedAt: '2026-01-01T00:00:00Z' }
    const showing = (...incidents: LiveIncident[]) => ({ customerId: 'c_1', incidents })

    it('is not that it is changed or over', () => {
      expect(new IncidentNews().isNews(showing(incident), incident)).toBe(false)
      expect(new IncidentNews().isNews(showing(incident), over)).toBe(false)
    })

    it('is once that it began, also while the screen stays as it is', () => {
      const news = new IncidentNews()
      const isNews = (pushed: LiveIncident, customerId = 'c_1') => news.isNews({ ...showing(), customerId }, pushed)
      expect([isNews(incident), isNews(incident)]).toEqual([true, false])
      expect(isNews(incident, 'c_2')).toBe(true)
      expect([isNews(over), isNews(incident)]).toEqual([false, true])
    })
  })
})
