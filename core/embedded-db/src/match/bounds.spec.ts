import { BSONRegExp, Int32, type Document } from 'bson'
import fc from 'fast-check'
import { arbitraryValue } from '../values/arbitrary-testing.ts'
import { compareValues, typeBracket, valuesEqual } from '../values/compare.ts'
import { keyValues } from '../values/paths.ts'
import { extractPredicates, type PathPredicate } from './bounds.ts'
import { compileMatch } from './index.ts'

function isNull(key: unknown): boolean {
  return key === null
}

function allows(predicate: PathPredicate, key: unknown): boolean {
  switch (predicate.kind) {
    case 'eq':
      return valuesEqual(key, predicate.value)
    case 'null':
      return isNull(key)
    case 'in':
      return (predicate.hasNull && isNull(key)) || predicate.values.some((value) => valuesEqual(key, value))
    case 'range': {
      if (typeBracket(key) !== predicate.bracket) return false
      const low = 'lo' in predicate ? compareValues(key, predicate.lo) : 1
      const high = 'hi' in predicate ? compareValues(key, predicate.hi) : -1
      return (low > 0 || (predicate.loInclusive && low === 0)) && (high < 0 || (predicate.hiInclusive && high === 0))
    }
    case 'prefix':
      return (typeof key === 'string' && key.startsWith(predicate.prefix)) || valuesEqual(key, predicate.regex)
    case 'exists':
    case 'elemMatch':
      return true
  }
}

const operator = fc.constantFrom('$eq', '$gt', '$gte', '$lt', '$lte')

describe('extractPredicates', () => {
  it('reads the conjunction of a filter', () => {
    const filter = {
      a: 1,
      b: { $gt: 2, $lte: 5 },
      $and: [{ c: null }, { d: { $in: [1, null] } }],
      e: new BSONRegExp('^ab', ''),
      f: { $exists: true },
      $or: [{ g: 1 }],
    }
    expect(extractPredicates(filter)).toMatchObject([
      { path: 'a', kind: 'eq', value: 1 },
      { path: 'b', kind: 'range', lo: 2, loInclusive: false },
      { path: 'b', kind: 'range', hi: 5, hiInclusive: true },
      { path: 'c', kind: 'null' },
      { path: 'd', kind: 'in', values: [1], hasNull: true },
      { path: 'e', kind: 'prefix', prefix: 'ab' },
      { path: 'f', kind: 'exists' },
    ])
  })

  it('keeps the bounds of $elemMatch together under absolute paths', () => {
    expect(extractPredicates({ a: { $elemMatch: { b: { $gt: 1 }, 'c.d': 2 } } })).toMatchObject([
      { path: 'a', kind: 'elemMatch', predicates: [{ path: 'a.b' }, { path: 'a.c.d', value: 2 }] },
    ])
  })

  it('says nothing of negations, arrays, numeric components and minimum keys', () => {
    expect(
      extractPredicates({
        a: { $ne: 1 },
        b: [1],
        'c.0': 1,
        d: { $not: { $gt: 1 } },
        e: { $nin: [1] },
        f: { $in: [[1]] },
        g: { $exists: false },
      }),
    ).toEqual([])
  })

  it('is sound: every matching document has a key within each bound', () => {
    const condition = fc.oneof(
      arbitraryValue,
      fc.tuple(operator, arbitraryValue).map(([name, value]) => ({ [name]: value })),
      fc.array(arbitraryValue, { minLength: 1, maxLength: 3 }).map((list) => ({ $in: list })),
    )
    fc.assert(
      fc.property(
        fc.constantFrom('f', 'f.a'),
        condition,
        fc.oneof(arbitraryValue, fc.constant(undefined)),
        (path, operand, value) => {
          const filter: Document = { [path]: operand }
          const document: Document = value === undefined ? { _id: new Int32(1) } : { f: value }
          fc.pre(
            !(
              typeBracket(
                (operand as Document | null)?.$gt ??
                  (operand as Document | null)?.$lt ??
                  (operand as Document | null)?.$gte ??
                  (operand as Document | null)?.$lte,
              ) === 50
            ),
          )
          if (!compileMatch(filter)(document)) return
          const keys = keyValues(document, path.split('.'))
          for (const predicate of extractPredicates(filter))
            expect(keys.some((key) => allows(predicate, key))).toBe(true)
        },
      ),
      { numRuns: 4000 },
    )
  })
})
