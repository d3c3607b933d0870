import { Decimal128, type Document } from 'bson'
import { aggregate, results } from '../pipeline-testing.ts'

const sales = [
  { _id: 1, k: 'a', v: 1 },
  { _id: 2, k: 'b', v: 2 },
  { _id: 3, k: 'a', v: 3.5 },
]

describe('stages', () => {
  it.each<[string, Document[], Document[], string[]]>([
    [
      '$group keeps types and the order of its fields',
      [{ $group: { _id: '$k', t: { $sum: '$v' }, n: { $sum: 1 }, all: { $push: '$v' } } }, { $sort: { _id: 1 } }],
      sales,
      ['{"_id":"a","t":4.5,"n":2,"all":[1,3.5]}', '{"_id":"b","t":2,"n":1,"all":[2]}'],
    ],
    [
      '$group by null and by missing fields',
      [{ $group: { _id: '$nope', n: { $count: {} } } }],
      sales,
      ['{"_id":null,"n":3}'],
    ],
    [
      '$group by documents',
      [{ $group: { _id: { k: '$k' }, f: { $first: '$v' }, l: { $last: '$v' } } }, { $sort: { _id: 1 } }],
      sales,
      ['{"_id":{"k":"a"},"f":1,"l":3.5}', '{"_id":{"k":"b"},"f":2,"l":2}'],
    ],
    [
      '$top gives a value, $topN a list',
      [
        {
          $group: {
            _id: null,
            t: { $top: { sortBy: { v: -1 }, output: '$k' } },
            n: { $topN: { n: 2, sortBy: { v: -1 }, output: '$v' } },
            b: { $bottom: { sortBy: { v: -1 }, output: '$v' } },
          },
        },
      ],
      sales,
      ['{"_id":null,"t":"a","n":[3.5,2],"b":1}'],
    ],
    [
      '$addToSet, $mergeObjects, $maxN',
      [
        {
          $group: {
            _id: null,
            s: { $addToSet: '$k' },
            m: { $mergeObjects: { k: '$k', v: '$v' } },
            x: { $maxN: { n: 1, input: '$v' } },
          },
        },
      ],
      sales,
      ['{"_id":null,"s":["a","b"],"m":{"k":"a","v":3.5},"x":[3.5]}'],
    ],
    [
      '$bucket puts a boundary into the upper bucket and leaves empty ones out',
      [{ $bucket: { groupBy: '$v', boundaries: [0, 5, 10, 20] } }],
      [{ v: 5 }, { v: 4 }, { v: 15 }],
      ['{"_id":0,"count":1}', '{"_id":5,"count":1}', '{"_id":10,"count":1}'],
    ],
    [
      '$bucket with a default and outputs',
      [{ $bucket: { groupBy: '$v', boundaries: [0, 2], default: 'other', output: { s: { $sum: '$v' } } } }],
      sales,
      ['{"_id":0,"s":1}', '{"_id":"other","s":5.5}'],
    ],
    [
      '$bucketAuto',
      [{ $bucketAuto: { groupBy: '$v', buckets: 2 } }],
      [{ v: 1 }, { v: 2 }, { v: 2 }, { v: 3 }],
      ['{"_id":{"min":1,"max":3},"count":3}', '{"_id":{"min":3,"max":3},"count":1}'],
    ],
    [
      '$bucketAuto with a granularity',
      [{ $bucketAuto: { groupBy: '$v', buckets: 2, granularity: 'POWERSOF2' } }],
      [{ v: 3 }, { v: 5 }, { v: 9 }, { v: 17 }],
      ['{"_id":{"min":2,"max":8},"count":2}', '{"_id":{"min":8,"max":32},"count":2}'],
    ],
    ['$count', [{ $count: 'n' }], sales, ['{"n":3}']],
    ['$count of nothing gives no document', [{ $match: { v: 9 } }, { $count: 'n' }], sales, []],
    ['$sortByCount', [{ $sortByCount: '$k' }], sales, ['{"_id":"a","count":2}', '{"_id":"b","count":1}']],
    ['$sort, $skip, $limit', [{ $sort: { v: -1 } }, { $skip: 1 }, { $limit: 1 }], sales, ['{"_id":2,"k":"b","v":2}']],
    [
      '$project keeps the order of the document and puts computed fields last',
      [{ $project: { x: { $add: ['$v', 1] }, k: 1 } }, { $limit: 1 }],
      sales,
      ['{"_id":1,"k":"a","x":2}'],
    ],
    ['$addFields through arrays', [{ $addFields: { 'a.y': 3 } }], [{ a: [{ y: 1 }, 2] }], ['{"a":[{"y":3},{"y":3}]}']],
    [
      '$set keeps the place of a field and $$REMOVE takes it away',
      [{ $set: { a: 9, b: '$$REMOVE', c: { d: 1 } } }],
      [{ a: 1, b: 2, c: { e: 1 } }],
      ['{"a":9,"c":{"e":1,"d":1}}'],
    ],
    ['$unset', [{ $unset: ['a.b', 'c'] }], [{ a: { b: 1, d: 2 }, c: 3 }], ['{"a":{"d":2}}']],
    [
      '$unwind with all options',
      [{ $unwind: { path: '$a', includeArrayIndex: 'i', preserveNullAndEmptyArrays: true } }],
      [{ _id: 1, a: [7, 8] }, { _id: 2, a: [] }, { _id: 3 }, { _id: 4, a: 5 }],
      [
        '{"_id":1,"a":7,"i":0}',
        '{"_id":1,"a":8,"i":1}',
        '{"_id":2,"i":null}',
        '{"_id":3,"i":null}',
        '{"_id":4,"a":5,"i":null}',
      ],
    ],
    [
      '$unwind of an embedded path',
      [{ $unwind: '$a.b' }],
      [{ a: { b: [1, 2], c: 3 } }, { a: 1 }],
      ['{"a":{"b":1,"c":3}}', '{"a":{"b":2,"c":3}}'],
    ],
    [
      '$replaceRoot and $replaceWith',
      [{ $replaceRoot: { newRoot: { a: '$v' } } }, { $replaceWith: { b: '$a' } }, { $limit: 1 }],
      sales,
      ['{"b":1}'],
    ],
    [
      '$facet',
      [{ $facet: { n: [{ $match: { v: { $gt: 1 } } }, { $count: 'c' }], none: [{ $match: { v: 0 } }] } }],
      sales,
      ['{"n":[{"c":2}],"none":[]}'],
    ],
    [
      '$redact by level',
      [{ $redact: { $cond: [{ $lte: ['$level', 1] }, '$$DESCEND', '$$PRUNE'] } }],
      [{ level: 1, a: { level: 2, x: 1 }, b: [{ level: 1, y: 1 }, { level: 3 }, 5] }],
      ['{"level":1,"b":[{"level":1,"y":1},5]}'],
    ],
    [
      '$documents-free $match with $expr and $$ROOT',
      [{ $match: { $expr: { $eq: ['$$ROOT.k', 'b'] } } }],
      sales,
      ['{"_id":2,"k":"b","v":2}'],
    ],
    [
      '$densify by month from the last day',
      [{ $densify: { field: 'd', range: { step: 1, unit: 'month', bounds: 'full' } } }],
      [{ d: new Date('2021-01-31') }, { d: new Date('2021-03-31') }],
      [
        '{"d":{"$date":"2021-01-31T00:00:00Z"}}',
        '{"d":{"$date":"2021-02-28T00:00:00Z"}}',
        '{"d":{"$date":"2021-03-31T00:00:00Z"}}',
      ],
    ],
    [
      '$densify of numbers by partition and bounds',
      [{ $densify: { field: 'x', partitionByFields: ['p'], range: { step: 2, bounds: [0, 5] } } }],
      [
        { p: 1, x: 2, y: 1 },
        { p: 2, x: 9 },
      ],
      [
        '{"p":1,"x":0}',
        '{"p":1,"x":2,"y":1}',
        '{"p":1,"x":4}',
        '{"p":2,"x":0}',
        '{"p":2,"x":2}',
        '{"p":2,"x":4}',
        '{"p":2,"x":9}',
      ],
    ],
    [
      '$fill by value, line and last',
      [{ $fill: { sortBy: { x: 1 }, output: { y: { method: 'linear' }, z: { method: 'locf' }, w: { value: 0 } } } }],
      [{ x: 1, y: 1, z: 'p' }, { x: 2 }, { x: 4, y: 4, w: 5 }],
      ['{"x":1,"y":1,"z":"p","w":0}', '{"x":2,"y":2,"z":"p","w":0}', '{"x":4,"y":4,"w":5,"z":"p"}'],
    ],
  ])('%s', async (_name, stages, documents, expected) => {
    expect(await results(stages, documents)).toEqual(expected)
  })

  it('samples without repetition', async () => {
    const documents = Array.from({ length: 50 }, (_, i) => ({ _id: i }))
    const sampled = await aggregate([{ $sample: { size: 10 } }], documents)
    expect(new Set(sampled.map(({ _id: id }) => Number(id))).size).toBe(10)
  })

  const graph = (more: Document): Document => ({
    $graphLookup: { from: 'a', startWith: 1, connectFromField: 'a', connectToField: 'b', as: 'c', ...more },
  })

  it.each<[Document[], number, string]>([
    [[{ $nope: 1 }], 40324, "Unrecognized pipeline stage name: '$nope'"],
    [[{ $match: {}, $limit: 1 }], 40323, 'exactly one field'],
    [[{ $limit: 0 }], 15958, 'the limit must be positive'],
    [[{ $group: { n: { $sum: 1 } } }], 15955, 'must include an _id'],
    [[{ $group: { n: 'x' } }], 40234, 'must be an accumulator'],
    [[{ $project: { a: '$$KEEP' } }], 17276, 'Use of undefined variable: KEEP'],
    [[{ $group: { _id: 1, n: 5 } }], 40234, "'n' must be an accumulator object"],
    [[{ $group: { _id: 1, n: { $nope: 1 } } }], 15952, "unknown group operator '$nope'"],
    [[{ $bucket: { groupBy: '$a', boundaries: [2, 1] } }], 40194, 'must be sorted'],
    [[{ $unwind: 'a' }], 28818, "prefixed with a '$'"],
    [[{ $facet: { a: [{ $out: 'x' }] } }], 40600, '$out is not allowed to be used within a $facet stage'],
    [[{ $out: 'x' }, { $match: {} }], 40601, '$out can only be the final stage'],
    [[{ $match: {} }, { $documents: [] }], 40602, 'only valid as the first stage'],
    [[{ $lookup: { from: 'x', as: 'y' } }], 9, '$lookup requires either'],
    [
      [{ $lookup: { from: 'x', as: 'y', pipeline: [{ $merge: 'z' }] } }],
      51047,
      '$merge is not allowed within a $lookup stage',
    ],
    [[{ $unset: 1 }], 31002, 'must be a string or an array'],
    [[{ $graphLookup: 4 }], 9, 'must be an object'],
    [[graph({ from: 1 })], 9, "'from' must be"],
    [[graph({ from: '' })], 73, 'namespace'],
    [[graph({ depthField: '$depth' })], 16410, 'may not start with'],
    [[graph({ maxDepth: -1 })], 40101, 'nonnegative'],
    [[graph({ maxDepth: 2.5 })], 40102, 'long long'],
    [[{ $sort: {} }], 15976, 'at least one sort key'],
    [[{ $project: {} }], 51272, 'at least one field'],
    [[{ $geoNear: {} }], 5860400, "requires a 'near' argument"],
    [[{ $search: {} }], 238, 'MONGODB_URI'],
    [[{ $setWindowFields: { output: { r: { $rank: {} } } } }], 5371602, 'top level sortBy'],
  ])('%j is refused before any document is read', async (stages, code, message) => {
    await expect(results(stages, [])).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as unknown,
    })
  })

  it('takes no stored text for a decision of $redact', async () => {
    for (const text of ['keep', '$$KEEP'])
      await expect(results([{ $redact: '$tag' }], [{ tag: text }])).rejects.toMatchObject({ code: 17053 })
    expect(await results([{ $redact: '$$KEEP' }], [{ a: 1 }])).toEqual(['{"a":1}'])
  })

  it('adds doubles to decimals with all that they hold', async () => {
    const documents = [{ v: Decimal128.fromString('0') }, { v: 0.1 }, { v: 0.2 }]
    const group = { _id: null, sum: { $sum: '$v' }, average: { $avg: '$v' } }
    const [{ sum, average } = {}] = await aggregate([{ $group: group }], documents)
    expect([sum, average].map(String)).toEqual([
      '0.3000000000000000166533453693773481',
      '0.1000000000000000055511151231257827',
    ])
  })

  it('fails when the replacement is no document', async () => {
    await expect(results([{ $replaceWith: '$k' }], sales)).rejects.toMatchObject({ code: 40228 })
    await expect(results([{ $bucket: { groupBy: '$v', boundaries: [0, 1] } }], sales)).rejects.toMatchObject({
      code: 40066,
    })
  })
})
