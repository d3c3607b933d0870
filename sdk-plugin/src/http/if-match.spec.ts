import { requireMatch, tagOf } from './if-match.ts'

it.each([
  [undefined, 'a', true],
  ['"a"', 'a', true],
  ['"b", "a"', 'a', true],
  ['"a-gzip"', 'a', true],
  ['*', 'a', true],
  ['"b"', 'a', false],
  ['a', 'a', false],
  ['W/"a"', 'a', false],
  ['', 'a', false],
  ['*', undefined, false],
  [undefined, undefined, true],
])('lets If-Match %s change what is at "%s": %s', (header, tag, passes) => {
  const change = () => requireMatch(header, tag, 'It changed.')
  if (passes) expect(change).not.toThrow()
  else expect(change).toThrow(expect.objectContaining({ status: 412, code: 'precondition_failed' }))
})

it('has another tag for each state, and one for equal ones', () => {
  expect(tagOf({ a: [1] })).toBe(tagOf({ a: [1] }))
  expect(tagOf({ a: [1] })).not.toBe(tagOf({ a: [2] }))
})
