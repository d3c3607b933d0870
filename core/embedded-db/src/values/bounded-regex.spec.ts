import { allMatches, boundedRegex } from './bounded-regex.ts'
import { compileRegex } from './regex.ts'

const limit = expect.objectContaining({ code: 51156 })
/** Whether the text is searched against the clock. */
const isBounded = (pattern: string, options = '') => compileRegex(pattern, options).constructor !== RegExp

/** In a turn of the event loop of its own. */
beforeEach(() => new Promise((resolve) => setImmediate(resolve)))

describe('a pattern that would keep the server busy for ever', () => {
  it.each([
    ['^(a+)+$', `${'a'.repeat(60)}!`],
    ['^(a|a)*$', `${'a'.repeat(60)}!`],
    ['^((a{1,30}){1,30})$', `${'a'.repeat(60)}!`],
    [`^${'a?'.repeat(40)}${'a'.repeat(20)}$`, `${'a'.repeat(50)}!`],
    [`^${'(a|[ab])'.repeat(40)}$`, `${'a'.repeat(40)}!`],
    ['\\s+x', '\t'.repeat(2_000_000)],
    ['^a.*b.*c.*d.*e', 'ab'.repeat(40_000)],
    ['(x+x+)+y', 'x'.repeat(60)],
  ])('%s is ended', (pattern, text) => {
    const thrown = (() => {
      try {
        return compileRegex(pattern, '').test(text)
      } catch (error) {
        return error
      }
    })()
    expect(thrown).toEqual(limit)
  })

  it('is ended also where all of its matches are asked for', () => {
    expect(() => allMatches(boundedRegex('(a+)+b', ''), 'a'.repeat(60))).toThrow(limit)
  })
})

it('takes ordinary patterns without the clock', () => {
  expect(['^abc', 'abc', '^n:mar', '[a-z]b', 'a|b', '(abc)', '\\d\\.x$', '(?i)abc'].map((p) => isBounded(p))).toEqual(
    Array.from({ length: 8 }, () => false),
  )
  expect(['a+', '.*x', '^(ab)*$', 'https?:'].map((p) => isBounded(p))).toEqual([true, true, true, true])
})

it('finds the same with the clock and without', () => {
  const text = 'a1 b22 c333 '.repeat(300)
  for (const [pattern, options] of [
    ['(b\\d+ )+c', ''],
    ['C\\d{3}\\s', 'i'],
    ['^(a\\d ?b22 c333 ?)+$', ''],
    ['(?<letter>[abc])\\d+', ''],
  ] as const) {
    const bounded = compileRegex(pattern, options)
    const plain = new RegExp(bounded.source, bounded.flags)
    expect(bounded.test(text)).toBe(plain.test(text))
    expect(bounded.exec(text)).toEqual(plain.exec(text))
    expect(allMatches(bounded, text)).toEqual([...text.matchAll(new RegExp(bounded.source, `${bounded.flags}g`))])
  }
})

it('gives a text its time also where others have the processor meanwhile', () => {
  const worked = jest.spyOn(process, 'threadCpuUsage')
  const searched = jest.spyOn(RegExp.prototype, 'exec')
  try {
    const regex = compileRegex('(a+)+b', '')
    let looks = 0
    // At the start, and before and after each try: the first of them got no processor.
    worked.mockImplementation(() => ({ user: ++looks > 4 ? 300_000 : 0, system: 0 }))
    expect(() => regex.exec('a'.repeat(60))).toThrow(limit)
    expect(searched.mock.contexts.filter((one) => one === regex)).toHaveLength(2)
  } finally {
    worked.mockRestore()
    searched.mockRestore()
  }
})
