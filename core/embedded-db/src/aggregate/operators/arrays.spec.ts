import { evaluate } from '../pipeline-testing.ts'

const document = {
  a: [3, 1, 2],
  o: { x: 1, y: 'z' },
  docs: [
    { n: 2, s: 'b' },
    { n: 1, s: 'a' },
  ],
  deep: [{ v: [1, 2] }, { v: [3] }, { w: 1 }],
}

describe('array, set and object expressions', () => {
  it.each<[unknown, string]>([
    ['$deep.v', '[[1,2],[3]]'],
    ['$a.0', '[]'],
    [{ $arrayElemAt: ['$a', -1] }, '2'],
    [{ $arrayElemAt: ['$a', 9] }, 'missing'],
    [{ $first: '$a' }, '3'],
    [{ $last: '$docs.n' }, '1'],
    [{ $size: '$a' }, '3'],
    [{ $slice: ['$a', -2] }, '[1,2]'],
    [{ $slice: ['$a', 1, 1] }, '[1]'],
    [{ $concatArrays: ['$a', [9]] }, '[3,1,2,9]'],
    [{ $in: [1, '$a'] }, 'true'],
    [{ $in: ['$o.x', [1, 2]] }, 'true'],
    [{ $indexOfArray: ['$a', 2] }, '2'],
    [{ $range: [0, 10, 3] }, '[0,3,6,9]'],
    [{ $range: [3, 0, -1] }, '[3,2,1]'],
    [{ $reverseArray: '$a' }, '[2,1,3]'],
    [{ $sortArray: { input: '$a', sortBy: 1 } }, '[1,2,3]'],
    [{ $sortArray: { input: '$docs', sortBy: { s: 1 } } }, '[{"n":1,"s":"a"},{"n":2,"s":"b"}]'],
    [{ $map: { input: '$a', as: 'i', in: { $multiply: ['$$i', 2] } } }, '[6,2,4]'],
    [{ $map: { input: '$a', in: '$$this' } }, '[3,1,2]'],
    [
      { $map: { input: [1, 2], as: 'x', in: { $map: { input: [10], as: 'y', in: { $add: ['$$x', '$$y'] } } } } },
      '[[11],[12]]',
    ],
    [{ $filter: { input: '$a', cond: { $gt: ['$$this', 1] }, limit: 1 } }, '[3]'],
    [{ $reduce: { input: '$a', initialValue: '', in: { $concat: ['$$value', { $toString: '$$this' }] } } }, '"312"'],
    [{ $zip: { inputs: ['$a', ['x']], useLongestLength: true, defaults: [0, '-'] } }, '[[3,"x"],[1,"-"],[2,"-"]]'],
    [{ $zip: { inputs: [[1, 2], [3]] } }, '[[1,3]]'],
    [
      {
        $arrayToObject: [
          [
            ['k', 1],
            ['j', 2],
          ],
        ],
      },
      '{"k":1,"j":2}',
    ],
    [{ $arrayToObject: { $literal: [{ k: 'a', v: 1 }] } }, '{"a":1}'],
    [{ $objectToArray: '$o' }, '[{"k":"x","v":1},{"k":"y","v":"z"}]'],
    [{ $mergeObjects: ['$o', { x: 2 }, null] }, '{"x":2,"y":"z"}'],
    [{ $getField: { field: 'x', input: '$o' } }, '1'],
    [{ $getField: 'o' }, '{"x":1,"y":"z"}'],
    [{ $setField: { field: 'a.b', input: '$o', value: 5 } }, '{"x":1,"y":"z","a.b":5}'],
    [{ $unsetField: { field: 'x', input: '$o' } }, '{"y":"z"}'],
    [
      {
        $setUnion: [
          ['b', 'a'],
          ['c', 'a'],
        ],
      },
      '["a","b","c"]',
    ],
    [
      {
        $setIntersection: [
          ['b', 'a'],
          ['a', 'b', 'c'],
        ],
      },
      '["a","b"]',
    ],
    [{ $setDifference: [[3, 1, 3], [1]] }, '[3]'],
    [
      {
        $setEquals: [
          [1, 2, 1],
          [2, 1],
        ],
      },
      'true',
    ],
    [{ $setIsSubset: [[1], [1, 2]] }, 'true'],
    [{ $anyElementTrue: [[0, false]] }, 'false'],
    [{ $allElementsTrue: [[]] }, 'true'],
    [{ $firstN: { n: 2, input: '$a' } }, '[3,1]'],
    [{ $maxN: { n: 2, input: '$a' } }, '[3,2]'],
    [{ $minN: { n: 5, input: '$a' } }, '[1,2,3]'],
    [{ $median: { input: '$a', method: 'approximate' } }, '2'],
    [{ $eq: ['$a', 3] }, 'false'],
    [{ $isArray: ['$a'] }, 'true'],
    [['$missing', 1], '[null,1]'],
    [{ k: '$missing', l: 1 }, '{"l":1}'],
    [{ $let: { vars: { v: { $add: [1, 1] } }, in: { $add: ['$$v', '$$v'] } } }, '4'],
    [
      {
        $switch: {
          branches: [
            { case: false, then: 1 },
            { case: true, then: 2 },
          ],
          default: 3,
        },
      },
      '2',
    ],
    [{ $ifNull: ['$missing', null, 'x'] }, '"x"'],
    [{ $cond: { if: '$o.x', then: 'y', else: 'n' } }, '"y"'],
    [{ $and: [1, 'x', []] }, 'true'],
    [{ $or: [0, null] }, 'false'],
    [{ $not: [[]] }, 'false'],
    [{ $literal: '$a' }, '"$a"'],
    [{ $type: '$missing' }, '"missing"'],
    [{ $gt: ['$missing', null] }, 'false'],
    [{ $lt: ['$missing', null] }, 'true'],
    ['$$REMOVE', 'missing'],
    ['$$ROOT.o.y', '"z"'],
  ])('%j', (expression, expected) => {
    expect(evaluate(expression, document)).toBe(expected)
  })

  it.each<[unknown, number]>([
    [{ $size: '$o' }, 17124],
    [{ $in: [1, 'x'] }, 40081],
    [{ $switch: { branches: [{ case: false, then: 1 }] } }, 40066],
    [{ $arrayElemAt: ['x', 0] }, 28689],
    [{ $range: [0, 1, 0] }, 34449],
    [{ $map: { input: 1, in: 1 } }, 16883],
    [{ $map: { input: [], as: 'Bad', in: 1 } }, 9],
    [{ $function: { body: '', args: [], lang: 'js' } }, 238],
    [{ $mergeObjects: [1] }, 40400],
    [{ a: 1, $add: [1] }, 15983],
    ['$a..b', 15998],
    ['$', 16872],
  ])('%j fails with %i', (expression, code) => {
    expect(() => evaluate(expression, document)).toThrow(expect.objectContaining({ code }))
  })
})
