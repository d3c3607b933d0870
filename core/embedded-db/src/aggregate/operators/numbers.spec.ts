import { Decimal128, Double, Long } from 'bson'
import { evaluate } from '../pipeline-testing.ts'

const long = Long.fromNumber
const decimal = (text: string): Decimal128 => Decimal128.fromString(text)

describe('numeric expressions keep MongoDB’s types', () => {
  it.each<[unknown, string]>([
    [{ $add: [1, 2] }, '{"$numberInt":"3"}'],
    [{ $add: [2147483647, 1] }, '{"$numberLong":"2147483648"}'],
    [{ $add: [1, long(2)] }, '{"$numberLong":"3"}'],
    [{ $add: [1, new Double(2)] }, '{"$numberDouble":"3.0"}'],
    [{ $add: [1, decimal('2.50')] }, '{"$numberDecimal":"3.50"}'],
    [{ $add: [Long.MAX_VALUE, 1] }, '{"$numberDouble":"9223372036854775808.0"}'],
    [{ $add: [new Double(0.1), decimal('0.2')] }, '{"$numberDecimal":"0.300000000000000"}'],
    [{ $add: [new Date(5), 10] }, '{"$date":{"$numberLong":"15"}}'],
    [{ $add: [1, null] }, 'null'],
    [{ $subtract: [new Date(50), new Date(20)] }, '{"$numberLong":"30"}'],
    [{ $subtract: [new Date(50), 20] }, '{"$date":{"$numberLong":"30"}}'],
    [{ $multiply: [decimal('1.10'), 2] }, '{"$numberDecimal":"2.20"}'],
    [{ $multiply: [100000, 100000] }, '{"$numberLong":"10000000000"}'],
    [{ $divide: [6, 2] }, '{"$numberDouble":"3.0"}'],
    [{ $divide: [decimal('1'), 3] }, '{"$numberDecimal":"0.3333333333333333333333333333333333"}'],
    [{ $mod: [-7, 3] }, '{"$numberInt":"-1"}'],
    [{ $mod: [7.5, 2] }, '{"$numberDouble":"1.5"}'],
    [{ $mod: [long(7), 4] }, '{"$numberLong":"3"}'],
    [{ $mod: [8, new Double(3)] }, '{"$numberInt":"2"}'],
    [{ $mod: [long(8), new Double(3)] }, '{"$numberLong":"2"}'],
    [{ $mod: [long(8), new Double(4.5e11)] }, '{"$numberDouble":"8.0"}'],
    [{ $round: [decimal('23.298'), -1] }, '{"$numberDecimal":"2E+1"}'],
    [{ $trunc: [decimal('1.298'), 100] }, '{"$numberDecimal":"1.298000000000000000000000000000000"}'],
    [{ $abs: -5 }, '{"$numberInt":"5"}'],
    [{ $abs: -2147483648 }, '{"$numberLong":"2147483648"}'],
    [{ $ceil: 7.2 }, '{"$numberDouble":"8.0"}'],
    [{ $floor: long(7) }, '{"$numberLong":"7"}'],
    [{ $round: [2.5] }, '{"$numberDouble":"2.0"}'],
    [{ $round: [new Double(1.005), 2] }, '{"$numberDouble":"1.0"}'],
    [{ $round: [1234, -2] }, '{"$numberInt":"1200"}'],
    [{ $round: [decimal('2.345'), 2] }, '{"$numberDecimal":"2.34"}'],
    [{ $trunc: [-7.89, 1] }, '{"$numberDouble":"-7.8"}'],
    [{ $pow: [2, 10] }, '{"$numberInt":"1024"}'],
    [{ $pow: [2, 40] }, '{"$numberLong":"1099511627776"}'],
    [{ $pow: [2, -1] }, '{"$numberDouble":"0.5"}'],
    [{ $sqrt: 25 }, '{"$numberDouble":"5.0"}'],
    [{ $log: [8, 2] }, '{"$numberDouble":"3.0"}'],
    [{ $log10: 1000 }, '{"$numberDouble":"3.0"}'],
    [{ $bitAnd: [6, 3] }, '{"$numberInt":"2"}'],
    [{ $bitOr: [1, long(4)] }, '{"$numberLong":"5"}'],
    [{ $bitNot: 0 }, '{"$numberInt":"-1"}'],
    [{ $sum: [1, 2, 'x', long(3)] }, '{"$numberLong":"6"}'],
    [{ $avg: [1, 2] }, '{"$numberDouble":"1.5"}'],
    [{ $max: [[1, 5, 3]] }, '{"$numberInt":"5"}'],
    [{ $min: [3, null, 1] }, '{"$numberInt":"1"}'],
    [{ $stdDevPop: [[1, 3]] }, '{"$numberDouble":"1.0"}'],
    [{ $radiansToDegrees: { $acos: -1 } }, '{"$numberDouble":"180.0"}'],
    [{ $cmp: [5, 5.0] }, '{"$numberInt":"0"}'],
  ])('%j', (expression, expected) => {
    expect(evaluate(expression, {}, true)).toBe(expected)
  })

  it.each<[unknown, number, string]>([
    [{ $divide: [1, 0] }, 2, "can't $divide by zero"],
    [{ $mod: [1, 0] }, 16610, "can't $mod by zero"],
    [{ $add: [1, 'x'] }, 14, '$add only supports numeric or date types, not string'],
    [{ $subtract: ['x', 1] }, 14, "can't $subtract int from string"],
    [{ $multiply: ['x', 1] }, 14, '$multiply only supports numeric types, not string'],
    [{ $sqrt: -1 }, 28714, 'greater than or equal to 0'],
    [{ $ln: 0 }, 28766, 'positive number'],
    [{ $asin: 2 }, 50989, 'cannot apply $asin to 2, value must be in [-1,1]'],
    [{ $pow: [0, -1] }, 28764, 'base of 0 and a negative exponent'],
    [{ $subtract: [1] }, 16020, 'Expression $subtract takes exactly 2 arguments. 1 were passed in.'],
  ])('%j fails with %i', (expression, code, message) => {
    expect(() => evaluate(expression)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as unknown }),
    )
  })

  it('fails only when a failing branch is reached', () => {
    expect(evaluate({ $cond: [false, { $divide: [1, 0] }, 'ok'] })).toBe('"ok"')
  })
})
