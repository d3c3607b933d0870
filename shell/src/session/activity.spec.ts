import { reportActivity } from './activity.ts'

/** Node's events are never trusted, so that a real one is told from a made-up one by this flag. */
const input = (isTrusted = true) => Object.defineProperty(new Event('keydown'), 'isTrusted', { value: isTrusted })

describe('reportActivity', () => {
  it('reports input at most once a minute, from real events only, until stopped', () => {
    const target = new EventTarget()
    const report = jest.fn()
    let now = 0
    const stop = reportActivity(target, { everyMs: 60_000, now: () => now, report })
    const at = (time: number, event: Event) => {
      now = time
      target.dispatchEvent(event)
    }
    at(30_000, input())
    expect(report).toHaveBeenCalledTimes(0)
    at(61_000, input(false))
    expect(report).toHaveBeenCalledTimes(0)
    at(61_000, input())
    at(62_000, input())
    expect(report).toHaveBeenCalledTimes(1)
    at(125_000, input())
    expect(report).toHaveBeenCalledTimes(2)
    stop()
    at(999_000, input())
    expect(report).toHaveBeenCalledTimes(2)
  })
})
