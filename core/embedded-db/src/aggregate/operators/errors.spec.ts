import { BSONRegExp, Double, Long, Timestamp } from 'bson'
import { evaluate } from '../pipeline-testing.ts'

describe('operators check their arguments', () => {
  it.each<[unknown, number]>([
    [{ $cond: { then: 1, else: 2 } }, 17080],
    [{ $cond: { if: 1, else: 2 } }, 17081],
    [{ $cond: { if: true, then: 1 } }, 17082],
    [{ $cond: { if: 1, then: 1, else: 2, x: 1 } }, 17083],
    [{ $ifNull: [1] }, 1257300],
    [{ $switch: 5 }, 40060],
    [{ $switch: { branches: 1 } }, 40061],
    [{ $switch: { branches: [1] } }, 40062],
    [{ $switch: { branches: [{ then: 1 }] } }, 40064],
    [{ $switch: { branches: [{ case: 1 }] } }, 40065],
    [{ $switch: { branches: [] } }, 40068],
    [{ $trim: 'x' }, 50696],
    [{ $trim: { input: 'x', foo: 1 } }, 50694],
    [{ $replaceOne: { input: 'a', find: 'a' } }, 51747],
    [{ $regexFind: { input: 'a', regex: '(' } }, 51111],
    [{ $regexFind: { input: 'a', regex: new BSONRegExp('a', 'i'), options: 'i' } }, 51107],
    [{ $regexFind: { regex: 'a' } }, 31022],
    [{ $indexOfCP: [1, 'x'] }, 40093],
    [{ $indexOfBytes: ['x', 1] }, 40092],
    [{ $substrCP: ['abc', 1.5, 1] }, 34451],
    [{ $range: [1.5, 5] }, 34444],
    [{ $range: [0, 'a'] }, 34445],
    [{ $slice: [[1], 'x'] }, 28725],
    [{ $slice: [[1], 1, 1.5] }, 28728],
    [{ $zip: { inputs: [[1]], defaults: 1 } }, 34462],
    [{ $arrayToObject: { $literal: [{ k: 'a', v: 1 }, ['b', 2]] } }, 40391],
    [{ $arrayToObject: { $literal: [['b', 2], { k: 'a', v: 1 }] } }, 40396],
    [{ $setEquals: [[1]] }, 17045],
    [{ $tsIncrement: 1 }, 5687302],
    [{ $rand: 1 }, 10065],
    [{ $rand: { x: 1 } }, 3040501],
    [{ $atan2: [1, 'x'] }, 51045],
    [{ $convert: { input: 1, to: 100 } }, 9],
    [{ $percentile: { input: [1], p: [0.5], method: 'exact' } }, 2],
    [{ $abs: Long.MIN_VALUE }, 28680],
    [{ $cos: new Double(Infinity) }, 50989],
    [{ $mod: [5, 'a'] }, 16611],
    [{ $getField: { input: { a: 1 } } }, 3041702],
    [{ $getField: { field: 'a' } }, 3041703],
    [{ $arrayToObject: { $literal: [{ y: 1, x: 2 }] } }, 40393],
    [{ $round: [5, 101] }, 51083],
    [{ $firstN: { n: 1, input: 'x' } }, 5788200],
    [{ $filter: { input: [1], cond: true, limit: 0 } }, 327392],
    [{ $foo: 1 }, 168],
  ])('%j fails with %i', (expression, code) => {
    expect(() => evaluate(expression)).toThrow(expect.objectContaining({ code }))
  })

  it.each<[unknown, string]>([
    [{ $toHashedIndexKey: null }, '2338878944348059895'],
    [{ $toHashedIndexKey: 1 }, '5902408780260971510'],
    [{ $toHashedIndexKey: new Double(1.9) }, '5902408780260971510'],
    [{ $tsSecond: new Timestamp({ t: 100, i: 5 }) }, '100'],
  ])('%j is a long', (expression, value) => {
    expect(evaluate(expression, {}, true)).toBe(`{"$numberLong":"${value}"}`)
  })

  it('reads a dot and a dollar as PCRE does', () => {
    const matches = (input: string, regex: string): string => evaluate({ $regexMatch: { input, regex } })
    expect([matches('a\rb', 'a.b'), matches('a\nb', 'a.b'), matches('a\n', 'a$'), matches('a\nb', 'a$')]).toEqual([
      'true',
      'false',
      'true',
      'false',
    ])
  })
})
