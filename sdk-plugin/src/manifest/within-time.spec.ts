import { TookTooLong, withinTime } from './within-time.ts'

it('ends a pattern that never comes to its end, and hands on what is thrown', () => {
  expect(() => withinTime(50, () => /^(a+)+$/.test(`${'a'.repeat(60)}!`))).toThrow(TookTooLong)
  expect(withinTime(10_000, () => 'done')).toBe('done')
  const thrown = new Error('its own')
  expect(() =>
    withinTime(10_000, () => {
      throw thrown
    }),
  ).toThrow(thrown)
})

it('does again what had no time of the processor', () => {
  const cell = new Int32Array(new SharedArrayBuffer(4))
  let times = 0
  const work = () => {
    times += 1
    // As on a machine that does something else for so long.
    if (times === 1) Atomics.wait(cell, 0, 0, 60_000)
    return 'done'
  }
  expect(withinTime(1000, work)).toBe('done')
  expect(times).toBeGreaterThan(1)
})
