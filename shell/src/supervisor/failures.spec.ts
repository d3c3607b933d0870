import { createFailureLog } from './failures.ts'

describe('failure log', () => {
  let now = 0
  const log = () => createFailureLog(() => now)
  const of = (plugin: string, version = '1.0.0') => ({ plugin, version })
  const minutes = (count: number) => (now += count * 60_000)

  it('puts a plugin in quarantine at its third failure within five minutes, and only that plugin', () => {
    const failures = log()
    expect([
      failures.record(of('a'), 'crash'),
      failures.record(of('a'), 'crash'),
      failures.record(of('b'), 'load'),
    ]).toEqual([false, false, false])
    minutes(4)
    expect(failures.record(of('a'), 'crash')).toBe(true)
    expect(failures.quarantined(of('b'))).toBe(false)
    expect(['a', 'b', 'c'].map((plugin) => failures.lastOf(of(plugin)))).toEqual(['crash', 'load', undefined])
  })

  it('forgets failures older than five minutes, but never a quarantine', () => {
    const failures = log()
    failures.record(of('a'), 'crash')
    failures.record(of('a'), 'crash')
    minutes(5)
    expect(failures.record(of('a'), 'crash')).toBe(false)
    failures.record(of('a'), 'crash')
    failures.record(of('a'), 'crash')
    minutes(60)
    expect(failures.quarantined(of('a'))).toBe(true)
  })

  it('does not hold against a version what another one did', () => {
    const failures = log()
    for (let times = 0; times < 3; times += 1) failures.record(of('a'), 'load')
    const mended = of('a', '1.0.1')
    expect([failures.quarantined(mended), failures.lastOf(mended)]).toEqual([false, undefined])
    expect(failures.record(mended, 'load')).toBe(false)
    expect(failures.quarantined(of('a'))).toBe(true)
  })
})
