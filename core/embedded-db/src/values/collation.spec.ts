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
