import { Binary, BSONRegExp, Decimal128, type Document, Double, Int32, Long, MaxKey, MinKey } from 'bson'
import fc from 'fast-check'
import { arbitraryValue } from '../values/arbitrary-testing.ts'
import { compareValues, typeBracket } from '../values/compare.ts'
import { compileCollation } from '../values/collation.ts'
import { typed } from '../values/typed-testing.ts'
import { compileMatch } from './index.ts'

function matches(filter: Document, document: Document): boolean {
  return compileMatch(typed(filter))(typed(document))
}

const table: [filter: Document, document: Document, expected: boolean][] = [
  [{ a: 5 }, { a: 5 }, true],
  [{ a: 5 }, { a: Long.fromNumber(5) }, true],
  [{ a: 5 }, { a: Decimal128.fromString('5.0') }, true],
  [{ a: 5 }, { a: [1, 5] }, true],
  [{ a: [1, 5] }, { a: [1, 5] }, true],
  [{ a: [1, 5] }, { a: [[1, 5]] }, true],
  [{ a: [1, 5] }, { a: [5, 1] }, false],
  [{ a: { x: 1, y: 2 } }, { a: { x: 1, y: 2 } }, true],
  [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, false],
  [{ 'a.b': 1 }, { a: [{ b: 2 }, { b: 1 }] }, true],
  [{ 'a.0': 7 }, { a: [7, 8] }, true],
  [{ 'a.1.b': 4 }, { a: [5, { b: 4 }] }, true],
  [{ 'a.b': 1 }, { a: [[{ b: 1 }]] }, false],
  [{ a: null }, {}, true],
  [{ a: null }, { a: null }, true],
  [{ a: null }, { a: [] }, false],
  [{ a: null }, { a: [null] }, true],
  [{ 'a.b': null }, { a: [5, {}] }, true],
  [{ 'a.b': null }, { a: [5] }, false],
  [{ 'a.b': null }, { a: 5 }, true],
  [{ a: { $ne: null } }, {}, false],
  [{ a: { $gte: null } }, {}, true],
  [{ a: { $gt: null } }, { a: 1 }, false],
  [{ a: { $gt: 3 } }, { a: 'z' }, false],
  [{ a: { $lt: 3 } }, { a: null }, false],
  [{ a: { $gt: new MinKey() } }, { a: null }, true],
  [{ a: { $lt: new MaxKey() } }, {}, true],
  [{ a: { $gte: new MinKey() } }, {}, true],
  [{ a: { $lt: new MinKey() } }, {}, false],
  [{ a: { $lt: 5 } }, { a: Number.NaN }, false],
  [{ a: { $lte: Number.NaN } }, { a: Number.NaN }, true],
  [{ a: { $gt: 1, $lt: 3 } }, { a: [0, 5] }, true],
  [{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }, { a: [0, 5] }, false],
  [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1 }, { c: 2 }] }, false],
  [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1, c: 2 }] }, true],
  [{ a: { $elemMatch: { $or: [{ b: 1 }, { b: 2 }] } } }, { a: [{ b: 2 }] }, true],
  [{ a: { $elemMatch: { $elemMatch: { $eq: 1 } } } }, { a: [[1]] }, true],
  [{ a: { $not: { $elemMatch: { $gt: 3 } } } }, { a: [1, 2] }, true],
  [{ a: { $in: [1, 'x', null] } }, {}, true],
  [{ a: { $in: [new BSONRegExp('^x', '')] } }, { a: ['ab', 'xy'] }, true],
  [{ a: { $in: [[1, 2]] } }, { a: [1, 2] }, true],
  [{ a: { $nin: [1, 2] } }, { a: [2, 3] }, false],
  [{ a: { $nin: [1] } }, {}, true],
  [{ a: { $all: [1, 2] } }, { a: [2, 1, 3] }, true],
  [{ a: { $all: [] } }, { a: [] }, false],
  [{ a: { $all: [[1, 2]] } }, { a: [1, 2] }, true],
  [{ a: { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { x: 2 } }] } }, { a: [{ x: 1 }, { x: 2 }] }, true],
  [{ a: { $size: 2 } }, { a: [1, [2]] }, true],
  [{ a: { $size: 1 } }, { a: 1 }, false],
  [{ a: { $exists: true } }, { a: null }, true],
  [{ 'a.b': { $exists: false } }, { a: [] }, true],
  [{ a: { $type: 'number' } }, { a: Decimal128.fromString('1') }, true],
  [{ a: { $type: 'int' } }, { a: new Double(1) }, false],
  [{ a: { $type: 'array' } }, { a: [] }, true],
  [{ a: { $type: ['string', 10] } }, { a: null }, true],
  [{ a: { $type: 'string' } }, { a: [1, 'x'] }, true],
  [{ a: { $mod: [4, 1] } }, { a: new Double(5.9) }, true],
  [{ a: { $mod: [4, -1] } }, { a: -5 }, true],
  [{ a: { $regex: 'B', $options: 'i' } }, { a: 'abc' }, true],
  [{ a: new BSONRegExp('b', '') }, { a: ['x', 'abc'] }, true],
  [{ a: new BSONRegExp('b', '') }, { a: new BSONRegExp('b', '') }, true],
  [{ a: { $not: new BSONRegExp('b', '') } }, { a: 'b' }, false],
  [{ a: { $not: { $gt: 5 } } }, { a: 'text' }, true],
  [{ a: { $bitsAllSet: [0, 2] } }, { a: 5 }, true],
  [{ a: { $bitsAnyClear: 5 } }, { a: 5 }, false],
  [{ a: { $bitsAllSet: [100] } }, { a: -1 }, true],
  [{ a: { $bitsAllClear: new Binary(new Uint8Array([2])) } }, { a: new Binary(new Uint8Array([5])) }, true],
  [{ $or: [{ a: 1 }, { b: 1 }] }, { b: 1 }, true],
  [{ $nor: [{ a: 1 }, { b: 1 }] }, { b: 2 }, true],
  [{ $and: [{ a: 1 }, { $comment: 'x' }] }, { a: 1 }, true],
  [{ $expr: { $gt: ['$a', '$b'] } }, { a: 2, b: 1 }, true],
  [{ $expr: { $eq: ['$a', 1] } }, { a: [1] }, false],
  [{ a: { $ref: 'c', $id: 1 } }, { a: { $ref: 'c', $id: 1 } }, true],
  [{ 'a.$id': 1 }, { a: { $ref: 'c', $id: 1 } }, true],
  [{ $jsonSchema: { required: ['a'], properties: { a: { bsonType: 'int' } } } }, { a: 1 }, true],
  [{ a: {} }, { a: {} }, true],
  [{ a: { $eq: new BSONRegExp('b', '') } }, { a: 'b' }, false],
]

describe('compileMatch', () => {
  it.each(table)('%j on %j is %s', (filter, document, expected) => {
    expect(matches(filter, document)).toBe(expected)
  })

  it.each<[Document, number, string]>([
    [{ a: { $foo: 1 } }, 2, 'unknown operator: $foo'],
    [{ $foo: 1 }, 2, 'unknown top level operator: $foo'],
    [{ a: { $gt: 1, b: 2 } }, 2, 'unknown operator: b'],
    [{ $or: [] }, 2, 'nonempty array'],
    [{ $and: {} }, 2, '$and must be an array'],
    [{ a: { $in: 1 } }, 2, '$in needs an array'],
    [{ a: { $in: [{ $gt: 1 }] } }, 2, 'cannot nest $ under $in'],
    [{ a: { $ne: new BSONRegExp('x', '') } }, 2, "Can't have regex as arg to $ne."],
    [{ a: { $regex: '(' } }, 51091, 'Regular expression is invalid'],
    [{ a: { $options: 'i' } }, 2, '$options needs a $regex'],
    [{ a: { $mod: [0, 1] } }, 2, 'divisor cannot be 0'],
    [{ a: { $size: -1 } }, 2, 'Failed to parse $size. Expected a non-negative number in: $size: -1'],
    [{ a: { $size: 2.5 } }, 2, 'Failed to parse $size. Expected an integer: $size: 2.5'],
    [{ a: { $size: 'two' } }, 2, 'Failed to parse $size. Expected a number in: $size: "two"'],
    [{ a: { $type: 'nope' } }, 2, 'Unknown type name alias: nope'],
    [{ a: { $elemMatch: 1 } }, 2, '$elemMatch needs an Object'],
    [{ a: { $not: {} } }, 2, '$not cannot be empty'],
    [{ $where: 'true' }, 238, 'MONGODB_URI'],
    [{ $text: { $search: 'x' } }, 238, 'MONGODB_URI'],
    [{ a: { $geoWithin: {} } }, 2, 'geometry must be an object with one shape'],
    [{ $expr: { $nope: 1 } }, 168, "Unrecognized expression '$nope'"],
    [{ $expr: '$$nope' }, 17276, 'Use of undefined variable: nope'],
  ])('refuses %j with code %i before any document is seen', (filter, code, message) => {
    expect(() => compileMatch(typed(filter))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as unknown }),
    )
  })

  it('passes let and collation on', () => {
    expect(compileMatch({ $expr: { $eq: ['$a', '$$v'] } }, { let: { v: 3 } })({ a: new Int32(3) })).toBe(true)
    const collation = compileCollation({ locale: 'en', strength: 2 })
    for (const filter of [
      { a: 'X' },
      { a: { $in: ['X', 'Y'] } },
      { a: { $lte: 'X' } },
      { $expr: { $eq: ['$a', 'X'] } },
    ])
      expect(compileMatch(filter, { collation })({ a: 'x' })).toBe(true)
  })

  it('agrees with compareValues on scalars', () => {
    fc.assert(
      fc.property(arbitraryValue, arbitraryValue, (value, operand) => {
        fc.pre(!Array.isArray(value) && !Array.isArray(operand) && typeBracket(operand) !== 50)
        const order = compareValues(value, operand)
        const sameBracket = typeBracket(value) === typeBracket(operand)
        const document = { f: value }
        expect(compileMatch({ f: { $eq: operand } })(document)).toBe(order === 0)
        expect(compileMatch({ f: { $in: [operand, operand] } })(document)).toBe(order === 0)
        const comparable =
          sameBracket &&
          value !== null &&
          compareValues(value, new Double(Number.NaN)) !== 0 &&
          compareValues(operand, new Double(Number.NaN)) !== 0
        if (comparable && typeBracket(operand) > 0 && typeBracket(operand) < 127) {
          expect(compileMatch({ f: { $gt: operand } })(document)).toBe(order > 0)
          expect(compileMatch({ f: { $lte: operand } })(document)).toBe(order <= 0)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
