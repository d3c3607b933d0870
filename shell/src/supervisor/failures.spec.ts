import { createFailureLog } from './failures.ts'

describe('failure log', () => {
  let now = 0
  const log = () => createFailureLog(() => now)
  const minutes = (count: number) => (now += count * 60_000)

  it('puts a plugin in quarantine at its third failure within five minutes, and only that plugin', () => {
    const failures = log()
    expect([failures.record('a'), failures.record('a'), failures.record('b')]).toEqual([false, false, false])
    minutes(4)
    expect(failures.record('a')).toBe(true)
    expect(failures.quarantined('b')).toBe(false)
  })

  it('forgets failures older than five minutes, but never a quarantine', () => {
    const failures = log()
    failures.record('a')
    failures.record('a')
    minutes(5)
    expect(failures.record('a')).toBe(false)
    failures.record('a')
    failures.record('a')
    minutes(60)
    expect(failures.quarantined('a')).toBe(true)
  })
})
