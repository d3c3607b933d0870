import { compileRegex, literalPrefix } from './regex.ts'

describe('compileRegex', () => {
  it.each([
    ['^a', '', 'abc', true],
    ['B', 'i', 'abc', true],
    ['^b', 'm', 'a\nb', true],
    ['a.b', 's', 'a\nb', true],
    ['a b # comment', 'x', 'ab', true],
    ['(?i)ABC', '', 'xabcx', true],
    ['\\Aab\\z', '', 'ab', true],
    ['\\Aab\\Z', '', 'ab\n', true],
    ['[[:alpha:]]+[[:digit:]]', '', 'ñ7', true],
    ['\\Qa.b\\E', '', 'a.b', true],
    ['\\Qa.b\\E', '', 'axb', false],
    ['(?P<x>a)b', '', 'ab', true],
    ['^.$', '', '\u{1F600}', true],
    ['a\\-b\\_c', '', 'a-b_c', true],
    ['[]a]', '', ']', true],
    ['a{,2', '', 'a{,2', true],
    ['[*+]+\\\\K{', '', '+\\K{', true],
  ])('/%s/%s on %j is %s', (pattern, options, text, expected) => {
    expect(compileRegex(pattern, options).test(text)).toBe(expected)
  })

  it('refuses bad patterns and options with MongoDB’s codes', () => {
    expect(() => compileRegex('(', '')).toThrow(expect.objectContaining({ code: 51091 }))
    expect(() => compileRegex('a', 'g')).toThrow(expect.objectContaining({ code: 51108 }))
  })
})

it.each(['a++$', '(?>a)b', '^(\\((?1)*\\))$', '(?R)', '(?(1)a|b)', 'a\\Kb', 'a\\Rb'])(
  'refuses /%s/ as its own lack',
  (pattern) => {
    expect(() => compileRegex(pattern, '')).toThrow(expect.objectContaining({ code: 238 }))
  },
)

describe('literalPrefix', () => {
  it.each([
    ['^abc', '', 'abc'],
    ['^ab*', '', 'a'],
    ['^a\\.b.*', '', 'a.b'],
    ['^abc', 'i', undefined],
    ['abc', '', undefined],
    ['^a|b', '', undefined],
    ['^ab{0,1}', '', 'a'],
    ['^(ab)', '', undefined],
  ])('/%s/%s begins with %s', (pattern, options, expected) => {
    expect(literalPrefix(pattern, options)).toBe(expected)
  })
})
