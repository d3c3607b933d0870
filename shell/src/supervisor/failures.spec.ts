import { createFailureLog } from './failures.ts'

describe('failure log', () => {
  let now = 0
  const log = () => createFailureLog(() => now)
  const minutes = (count: number) => (now += count * 60_000)

  it('puts a plugin in quarantine at its third failure within five minutes, and only that plugin', () => {
    const failures = log()
    expect([failures.record('a', 'crash'), failures.record('a', 'crash'), failures.record('b', 'load')]).toEqual([
      false,
      false,
      false,
    ])
    minutes(4)
    expect(failures.record('a', 'crash')).toBe(true)
    expect(failures.quarantined('b')).toBe(false)
    expect(['a', 'b', 'c'].map(failures.lastOf)).toEqual(['crash', 'load', undefined])
  })

  it('forgets failures older than five minutes, but never a quarantine', () => {
    const failures = log()
    failures.record('a', 'crash')
    failures.record('a', 'crash')
    minutes(5)
    expect(failures.record('a', 'crash')).toBe(false)
    failures.record('a', 'crash')
    failures.record('a', 'crash')
    minutes(60)
    expect(failures.quarantined('a')).toBe(true)
  })
})
