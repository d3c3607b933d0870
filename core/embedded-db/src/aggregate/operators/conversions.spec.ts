import { Decimal128, Double, Long, ObjectId, UUID } from 'bson'
import { evaluate } from '../pipeline-testing.ts'

describe('conversions', () => {
  it.each<[unknown, string]>([
    [{ $toInt: 5.9 }, '{"$numberInt":"5"}'],
    [{ $toInt: '7' }, '{"$numberInt":"7"}'],
    [{ $toInt: true }, '{"$numberInt":"1"}'],
    [{ $toLong: '5' }, '{"$numberLong":"5"}'],
    [{ $toLong: new Date(5) }, '{"$numberLong":"5"}'],
    [{ $toDouble: '2.5' }, '{"$numberDouble":"2.5"}'],
    [{ $toDecimal: '1.10' }, '{"$numberDecimal":"1.10"}'],
    [{ $toDecimal: 5 }, '{"$numberDecimal":"5"}'],
    [{ $toDecimal: new Double(2.5) }, '{"$numberDecimal":"2.50000000000000"}'],
    [{ $toString: new Double(2.5) }, '"2.5"'],
    [{ $toString: new Double(1e20) }, '"1e+20"'],
    [{ $toString: Decimal128.fromString('1.10') }, '"1.10"'],
    [{ $toString: new ObjectId('5f5e100000000000000000aa') }, '"5f5e100000000000000000aa"'],
    [{ $toString: new Date(0) }, '"1970-01-01T00:00:00.000Z"'],
    [{ $toString: new UUID('01234567-89ab-4def-8123-456789abcdef') }, '"01234567-89ab-4def-8123-456789abcdef"'],
    [{ $toBool: 'false' }, 'true'],
    [{ $toBool: 0 }, 'false'],
    [{ $toDate: Long.fromNumber(5) }, '{"$date":{"$numberLong":"5"}}'],
    [{ $toDate: '2018-03-20' }, '{"$date":{"$numberLong":"1521504000000"}}'],
    [{ $toObjectId: '5f5e100000000000000000aa' }, '{"$oid":"5f5e100000000000000000aa"}'],
    [{ $toInt: null }, 'null'],
    [{ $convert: { input: 'x', to: 'int', onError: -1 } }, '{"$numberInt":"-1"}'],
    [{ $convert: { input: 1.9, to: 'missing', onError: 'ERROR' } }, '"ERROR"'],
    [{ $convert: { input: null, to: 'int', onNull: 0 } }, '{"$numberInt":"0"}'],
    [{ $convert: { input: 1, to: 2 } }, '"1"'],
    [{ $isNumber: Decimal128.fromString('NaN') }, 'true'],
  ])('%j', (expression, expected) => {
    expect(evaluate(expression, {}, true)).toBe(expected)
  })

  it.each([
    { $toInt: 'x' },
    { $toInt: '1.5' },
    { $toInt: 3e9 },
    { $toInt: Number.NaN },
    { $toObjectId: 'zz' },
    { $toDate: 5 },
    { $toDouble: [[]] },
    { $toString: [[]] },
    { $toLong: '1 ' },
  ])('%j fails with ConversionFailure', (expression) => {
    expect(() => evaluate(expression)).toThrow(expect.objectContaining({ code: 241 }))
  })
})
