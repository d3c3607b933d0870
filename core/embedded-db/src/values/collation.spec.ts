import fc from 'fast-check'
import { compileCollation, normalizeCollation } from './collation.ts'

function equal(spec: object, a: string, b: string): boolean {
  const collator = compileCollation(spec)
  if (!collator) return a === b
  expect(collator.key(a) === collator.key(b)).toBe(collator.compare(a, b) === 0)
  return collator.compare(a, b) === 0
}

describe('compileCollation', () => {
  it.each([
    [{ locale: 'en', strength: 1 }, 'café', 'CAFE', true],
    [{ locale: 'en', strength: 2 }, 'café', 'CAFÉ', true],
    [{ locale: 'en', strength: 2 }, 'café', 'cafe', false],
    [{ locale: 'en', strength: 3 }, 'a', 'A', false],
    [{ locale: 'en_US', strength: 1, caseLevel: true }, 'e', 'é', true],
    [{ locale: 'en', strength: 1, caseLevel: true }, 'e', 'E', false],
    [{ locale: 'en', numericOrdering: true }, 'a1', 'a01', true],
    [{ locale: 'es', strength: 1 }, 'año', 'ANO', false],
    [{ locale: 'es', strength: 1 }, 'años', 'AÑOS', true],
    [{ locale: 'pt', strength: 1 }, 'São João', 'sao joao', true],
    [{ locale: 'de', strength: 2 }, 'Straße', 'strasse', false],
    [{ locale: 'simple' }, 'a', 'A', false],
  ])('%j: %s and %s equal is %s', (spec, a, b, expected) => {
    expect(equal(spec, a, b)).toBe(expected)
  })

  it('orders digits by value with numericOrdering', () => {
    const collator = compileCollation({ locale: 'en', numericOrdering: true })
    expect(['a10', 'a2'].sort((a, b) => collator?.compare(a, b) ?? 0)).toEqual(['a2', 'a10'])
  })

  it('gives equal keys exactly to equal Latin strings', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'A', 'e', 'é', 'É', 'ñ', 'n', ' ', '-', '0', '1', 'ß', 's'),
      maxLength: 4,
    })
    const spec = fc.constantFrom(
      { strength: 1 },
      { strength: 2 },
      { strength: 3 },
      { strength: 2, numericOrdering: true },
    )
    fc.assert(
      fc.property(spec, text, text, (part, a, b) => {
        equal({ locale: 'en', ...part }, a, b)
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    [{ locale: 'en', strength: 1 }],
    [{ locale: 'en', strength: 2 }],
    [{ locale: 'es', strength: 1 }],
    [{ locale: 'pt', strength: 2 }],
    [{ locale: 'da', strength: 1 }],
  ])('%j: gives every letter of modern Latin, Greek and Cyrillic the key of its equals', (spec) => {
    const parts = [
      'ss',
      'SS',
      'ae',
      'AE',
      'oe',
      'OE',
      'o',
      'O',
      'd',
      'D',
      'h',
      'l',
      'L',
      'll',
      's',
      'st',
      'i',
      'I',
      'n',
      'N',
    ]
    const wrong: string[] = []
    const points = [
      [0xc0, 0x250],
      [0x386, 0x530],
      [0x1e00, 0x1f00],
    ].flatMap(([from = 0, to = 0]) => Array.from({ length: to - from }, (_, index) => from + index))
    for (const point of points) {
      const letter = String.fromCodePoint(point)
      if (!/\p{L}/u.test(letter)) continue
      const others = [letter.toUpperCase(), letter.toLowerCase(), letter.normalize('NFKD'), ...parts]
      const collator = compileCollation(spec)
      for (const other of others)
        if ((collator?.key(letter) === collator?.key(other)) !== (collator?.compare(letter, other) === 0))
          wrong.push(`${point.toString(16)} ${letter} ${other} ${collator?.compare(letter, other)}`)
    }
    expect(wrong).toEqual([])
  })

  it('fills in the defaults and refuses what it does not know', () => {
    expect(normalizeCollation({ locale: 'es' })).toMatchObject({
      locale: 'es',
      strength: 3,
      caseFirst: 'off',
      numericOrdering: false,
    })
    expect(() => compileCollation({ locale: 'es', strength: 9 })).toThrow('strength')
    expect(() => compileCollation({ locale: 'es', backwards: true })).toThrow('MONGODB_URI')
    expect(() => compileCollation({ strength: 1 })).toThrow('locale')
  })
})
