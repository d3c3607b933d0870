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
