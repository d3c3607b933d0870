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
    ['[[:alpha:]]+[[:digit:]]', '', 'n7', true],
    ['[[:alpha:]]', '', 'ñ', false],
    ['(*UCP)[[:alpha:]]', '', 'ñ', true],
    ['(*UTF8)(*UCP)^\\w\\d$', '', '정༣', true],
    ['(*UTF8)정', '', '박정수', true],
    ['^\\w+$', '', 'suárez', false],
    ['^[[:^digit:]]$', '', '7', false],
    ['^[[:^digit:]]$', '', '\u{1F600}', true],
    ['^[x[:space:]]\\h[\\h]\\v\\N$', '', ' \t\u2003\u2028x', true],
    ['^\\s$', '', '\u00a0', false],
    ['^[\\s\\S]{2}$', '', '\u00a0 ', true],
    ['^[^\\S]\\S$', '', ' \u00a0', true],
    ['^\\p{Latin}\\p{Hangul}\\pL\\p{^L}\\P{Lu}$', '', 'á정x1a', true],
    ['^[\\p{Xan}\\p{Han}]+$', '', 'a1漢', true],
    ['\\p{L&}', '', '정', false],
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

it.each([
  'a++$',
  '(?>a)b',
  '^(\\((?1)*\\))$',
  '(?R)',
  '(?(1)a|b)',
  'a\\Kb',
  'a\\Rb',
  '\\p{Nope}',
  '(*UCP)[[:^alnum:]]',
  '(*FAIL)',
])('refuses /%s/ as its own lack', (pattern) => {
  expect(() => compileRegex(pattern, '')).toThrow(expect.objectContaining({ code: 238 }))
})

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
