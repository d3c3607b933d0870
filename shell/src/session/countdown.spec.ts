import { createCountdown } from './countdown.ts'

const minutes = (count: number) => count * 60_000

describe('session countdown', () => {
  beforeEach(() => void jest.useFakeTimers())
  afterEach(() => void jest.useRealTimers())

  function started(remaining: number) {
    const seen: string[] = []
    const countdown = createCountdown({
      warnBeforeMs: minutes(2),
      now: () => Date.now(),
      onWarning: (left) => void seen.push(`warning ${left / 1000}`),
      onEnd: () => void seen.push('end'),
    })
    countdown.extendTo(remaining)
    return { countdown, seen }
  }

  it('warns two minutes before the end and then ends, each once', () => {
    const { seen } = started(minutes(15))
    jest.advanceTimersByTime(minutes(13) - 1)
    expect(seen).toEqual([])
    jest.advanceTimersByTime(1)
    expect(seen).toEqual(['warning 120'])
    jest.advanceTimersByTime(minutes(60))
    expect(seen).toEqual(['warning 120', 'end'])
  })

  it('starts again when the person stays, and can warn again', () => {
    const { countdown, seen } = started(minutes(15))
    jest.advanceTimersByTime(minutes(14))
    countdown.extendTo(minutes(15))
    expect(countdown.remainingMs()).toBe(minutes(15))
    jest.advanceTimersByTime(minutes(13))
    expect(seen).toEqual(['warning 120', 'warning 120'])
  })

  it('counts down from longer than a timer can wait', () => {
    const { countdown, seen } = started(minutes(60_000))
    jest.advanceTimersByTime(minutes(1))
    expect([seen, countdown.remainingMs()]).toEqual([[], minutes(59_999)])
    jest.advanceTimersByTime(minutes(59_999))
    expect(seen).toEqual(['warning 120', 'end'])
  })

  it('warns at once when less than two minutes are left from the start', () => {
    expect(started(minutes(1)).seen).toEqual(['warning 60'])
  })

  it('ends when the computer wakes up after the deadline, before any timer fired', () => {
    const { countdown, seen } = started(minutes(15))
    jest.setSystemTime(Date.now() + minutes(20))
    countdown.check()
    expect(seen).toEqual(['end'])
  })

  it('says nothing after it was stopped', () => {
    const { countdown, seen } = started(minutes(15))
    countdown.stop()
    jest.advanceTimersByTime(minutes(60))
    expect(seen).toEqual([])
  })
})
