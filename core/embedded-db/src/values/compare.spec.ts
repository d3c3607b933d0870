import { Binary, BSONRegExp, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import fc from 'fast-check'
import { arbitraryNumber, arbitraryValue } from './arbitrary-testing.ts'
import { compareValues, identical, valuesEqual } from './compare.ts'
import { hashKey } from './hash-key.ts'

const ascending: [string, unknown][] = [
  ['MinKey', new MinKey()],
  ['null', null],
  ['NaN', new Double(Number.NaN)],
  ['-Infinity', new Double(-Infinity)],
  ['a decimal below every double', Decimal128.fromString('-1E+400')],
  ['-1', new Int32(-1)],
  ['0', new Double(-0)],
  ['decimal 0.1, which is less than the double', Decimal128.fromString('0.1')],
  ['double 0.1', new Double(0.1)],
  ['2^53', new Double(2 ** 53)],
  ['long 2^53 + 1', Long.fromBigInt(2n ** 53n + 1n)],
  ['decimal 2^53 + 1.5', Decimal128.fromString('9007199254740993.5')],
  ['the largest long', Long.MAX_VALUE],
  ['Infinity', new Double(Infinity)],
  ['empty string', ''],
  ['a', 'a'],
  ['U+FFEE, before the astral by UTF-8', '\uffee'],
  ['astral', '\u{1F600}'],
  ['{}', {}],
  ['{ a: 1 }', { a: new Int32(1) }],
  ['{ a: 1, b: 1 }', { a: new Int32(1), b: new Int32(1) }],
  ['{ b: 1 }', { b: new Int32(1) }],
  ['{ a: "" }: the type decides before the name', { a: '' }],
  ['[]', []],
  ['[1]', [new Int32(1)]],
  ['[1, 0]', [new Int32(1), new Int32(0)]],
  ['binary, shorter first', new Binary(new Uint8Array([9]))],
  ['longer binary', new Binary(new Uint8Array([1, 1]))],
  ['ObjectId', new ObjectId('000000000000000000000001')],
  ['false', false],
  ['true', true],
  ['date', new Date(0)],
  ['timestamp', new Timestamp({ t: 1, i: 1 })],
  ['regex', new BSONRegExp('a', '')],
  ['MaxKey', new MaxKey()],
]

describe('compareValues', () => {
  it('follows MongoDB’s order of types and values', () => {
    const shuffled = ascending.toReversed().sort(([, a], [, b]) => compareValues(a, b))
    expect(shuffled.map(([name]) => name)).toEqual(ascending.map(([name]) => name))
  })

  it.each([
    ['int and long', new Int32(5), Long.fromNumber(5)],
    ['int and double', new Int32(5), new Double(5)],
    ['double and decimal', new Double(0.5), Decimal128.fromString('0.50')],
    ['the two zeros', new Double(-0), new Int32(0)],
    ['NaNs', new Double(Number.NaN), Decimal128.fromString('NaN')],
    ['plain and wrapped numbers', 7, new Int32(7)],
  ])('holds %s equal', (_name, a, b) => {
    expect(compareValues(a, b)).toBe(0)
    expect(hashKey(a)).toBe(hashKey(b))
  })

  it('tells objects with the same fields in another order apart', () => {
    expect(valuesEqual({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(false)
  })

  it('is a total order, and the hash key agrees with its equality', () => {
    fc.assert(
      fc.property(arbitraryValue, arbitraryValue, arbitraryValue, (a, b, c) => {
        const order = compareValues(a, b)
        expect(compareValues(a, a)).toBe(0)
        expect(compareValues(b, a)).toBe(-order + 0)
        if (order <= 0 && compareValues(b, c) <= 0) expect(compareValues(a, c)).toBeLessThanOrEqual(0)
        expect(hashKey(a) === hashKey(b)).toBe(order === 0)
      }),
      { numRuns: 2000 },
    )
  })

  it('orders mixed numbers transitively near 2^53', () => {
    fc.assert(
      fc.property(fc.array(arbitraryNumber, { minLength: 3, maxLength: 6 }), (numbers) => {
        const sorted = numbers.toSorted(compareValues)
        for (let i = 0; i < sorted.length; i++)
          for (let j = i; j < sorted.length; j++) expect(compareValues(sorted[i], sorted[j])).toBeLessThanOrEqual(0)
      }),
    )
  })
})

describe('identical', () => {
  it('sees what equality does not: types and trailing zeros', () => {
    expect(identical(new Int32(1), Long.fromNumber(1))).toBe(false)
    expect(identical(Decimal128.fromString('1.0'), Decimal128.fromString('1'))).toBe(false)
    expect(identical({ a: [new Int32(1)] }, { a: [new Int32(1)] })).toBe(true)
  })
})
