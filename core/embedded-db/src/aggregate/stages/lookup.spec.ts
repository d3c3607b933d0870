import type { Document } from 'bson'
import { relaxed } from '../../values/typed-testing.ts'
import { aggregate, results } from '../pipeline-testing.ts'

const collections = {
  items: [
    { _id: 10, r: 1, z: 1 },
    { _id: 11, r: 2, z: 2 },
    { _id: 12, z: 3 },
    { _id: 13, r: [1, 2] },
  ],
  people: [
    { _id: 1, name: 'A' },
    { _id: 2, name: 'B', boss: 'A' },
    { _id: 3, name: 'C', boss: 'B' },
    { _id: 4, name: 'A2', boss: 'C' },
  ],
}

describe('$lookup', () => {
  it('joins scalars, arrays and missing fields in one look-up per batch', async () => {
    const asked: Document[] = []
    const documents = [{ _id: 1, l: 1 }, { _id: 2 }, { _id: 3, l: [1, 2] }, { _id: 4, l: 9 }]
    expect(
      await results(
        [{ $lookup: { from: 'items', localField: 'l', foreignField: 'r', as: 'o' } }, { $project: { 'o._id': 1 } }],
        documents,
        { collections, asked },
      ),
    ).toEqual([
      '{"_id":1,"o":[{"_id":10},{"_id":13}]}',
      '{"_id":2,"o":[{"_id":12}]}',
      '{"_id":3,"o":[{"_id":10},{"_id":11},{"_id":13}]}',
      '{"_id":4,"o":[]}',
    ])
    expect(asked.map(relaxed)).toEqual(['{"r":{"$in":[1,null,2,9]}}'])
  })

  it('applies the join condition AND the pipeline', async () => {
    const stage = {
      $lookup: {
        from: 'items',
        localField: 'l',
        foreignField: 'r',
        let: { q: '$m' },
        pipeline: [{ $match: { $expr: { $lt: ['$z', '$$q'] } } }, { $project: { z: 1 } }],
        as: 'o',
      },
    }
    expect(await results([stage], [{ _id: 1, l: 1, m: 2 }], { collections })).toEqual([
      '{"_id":1,"l":1,"m":2,"o":[{"_id":10,"z":1},{"_id":13}]}',
    ])
  })

  it('asks for an equality with a variable by index where that is sound', async () => {
    const asked: Document[] = []
    const stage = {
      $lookup: {
        from: 'items',
        let: { q: '$m' },
        pipeline: [{ $match: { r: { $exists: true }, $expr: { $eq: ['$z', '$$q'] } } }, { $project: { q: '$$q' } }],
        as: 'o',
      },
    }
    expect(await results([stage], [{ m: 2 }, { m: null }], { collections, asked })).toEqual([
      '{"m":2,"o":[{"_id":11,"q":2}]}',
      '{"m":null,"o":[]}',
    ])
    expect(asked.map(relaxed)).toEqual(['{"$and":[{"r":{"$exists":true}},{"z":{"$eq":2}}]}', '{"r":{"$exists":true}}'])
  })

  it('runs an uncorrelated pipeline once', async () => {
    const asked: Document[] = []
    const stage = { $lookup: { from: 'items', pipeline: [{ $match: { z: 3 } }], as: 'o' } }
    expect(await results([stage], [{ a: 1 }, { a: 2 }], { collections, asked })).toEqual([
      '{"a":1,"o":[{"_id":12,"z":3}]}',
      '{"a":2,"o":[{"_id":12,"z":3}]}',
    ])
    expect(asked).toHaveLength(1)
  })

  it('lets nested look-ups see outer variables', async () => {
    const inner = {
      $lookup: {
        from: 'items',
        let: { w: '$z' },
        pipeline: [{ $match: { $expr: { $and: [{ $eq: ['$r', '$$v'] }, { $eq: ['$z', '$$w'] }] } } }],
        as: 'p',
      },
    }
    const stage = {
      $lookup: {
        from: 'items',
        let: { v: '$x' },
        pipeline: [{ $match: { z: { $lte: 2 } } }, inner, { $project: { p: { $size: '$p' } } }],
        as: 'o',
      },
    }
    expect(await results([stage], [{ x: 1 }, { x: 2 }], { collections })).toEqual([
      '{"x":1,"o":[{"_id":10,"p":1},{"_id":11,"p":0}]}',
      '{"x":2,"o":[{"_id":10,"p":0},{"_id":11,"p":1}]}',
    ])
  })

  // The cases and their answers are those of the server's own tests of equality joins.
  it.each<[string, Document, boolean]>([
    ['x', { x: [] }, true],
    ['x', { x: [null, 1] }, true],
    ['x', { x: [[]] }, false],
    ['x', { x: 1 }, false],
    ['a.x', { a: [{ y: 1 }, { y: 2 }] }, true],
    ['a.x', { a: [{ y: 1 }, { x: 1 }] }, false],
    ['a.x', { a: [{ x: null }, { x: 1 }] }, true],
    ['a.x', { a: [{ x: [] }, { x: 1 }] }, false],
    ['a.x', { a: [1] }, true],
    ['a.b.c', { a: { b: [{ y: 1 }, { c: [] }] } }, true],
    ['a.b.c', { a: { b: [{ c: [] }, { c: [[]] }] } }, false],
    ['a.0.x', { a: [{ y: 1 }, { x: 1 }] }, true],
    ['a.0.x', { a: [{ x: 1 }, { y: 1 }] }, false],
    ['a.0.x', { a: { x: 1 } }, true],
  ])('joins what is null, missing or empty at %s of %j with null: %s', async (localField, document, joins) => {
    const lookup = { from: 'nulls', localField, foreignField: 'b', as: 'o' }
    const nulls = [{ _id: 0, b: null }, { _id: 1 }]
    for (const stage of [{ $lookup: lookup }, { $lookup: { ...lookup, pipeline: [{ $match: {} }] } }]) {
      const [found = {}] = await aggregate([stage], [document], { collections: { nulls } })
      expect(found.o).toHaveLength(joins ? 2 : 0)
    }
  })

  it('joins by a position in the local path', async () => {
    const stage = { $lookup: { from: 'items', localField: 'a.1.x', foreignField: 'r', as: 'o' } }
    const documents = [{ a: [{ x: 1 }, { x: 2 }] }]
    expect(await results([stage, { $project: { 'o._id': 1 } }], documents, { collections })).toEqual([
      '{"o":[{"_id":11},{"_id":13}]}',
    ])
  })

  it('needs no collection with $documents', async () => {
    expect(
      await results(
        [
          {
            $lookup: {
              as: 'o',
              localField: 'x',
              foreignField: 'y',
              pipeline: [{ $documents: [{ y: 1 }, { y: 2 }] }, { $match: { y: { $gte: 1 } } }],
            },
          },
        ],
        [{ x: 2 }],
      ),
    ).toEqual(['{"x":2,"o":[{"y":2}]}'])
  })
})

describe('$graphLookup', () => {
  it('follows connections breadth first, with depths, limits and restrictions', async () => {
    const stage = (extra: Document): Document => ({
      $graphLookup: {
        from: 'people',
        startWith: '$boss',
        connectFromField: 'boss',
        connectToField: 'name',
        as: 'chain',
        ...extra,
      },
    })
    const run = async (extra: Document): Promise<string[]> =>
      results([stage(extra), { $project: { 'chain._id': 1, 'chain.d': 1 } }], [{ _id: 4, boss: 'C' }], { collections })
    expect(await run({ depthField: 'd' })).toEqual([
      '{"_id":4,"chain":[{"_id":3,"d":0},{"_id":2,"d":1},{"_id":1,"d":2}]}',
    ])
    expect(await run({ maxDepth: 0 })).toEqual(['{"_id":4,"chain":[{"_id":3}]}'])
    expect(await run({ restrictSearchWithMatch: { name: { $ne: 'B' } } })).toEqual(['{"_id":4,"chain":[{"_id":3}]}'])
  })

  it('connects null with null, and a missing field with nothing', async () => {
    const chain = [
      { _id: 1, name: 'A', boss: null },
      { _id: 2, name: null, boss: 'C' },
      { _id: 3, name: 'C' },
      { _id: 4, boss: 'A' },
    ]
    const spec = { from: 'chain', connectFromField: 'boss', connectToField: 'name', as: 'o' }
    const ids = async (startWith: string): Promise<string[]> =>
      results([{ $graphLookup: { ...spec, startWith } }, { $project: { 'o._id': 1 } }], [{ start: 'A', nil: null }], {
        collections: { chain },
      })
    expect(await ids('$start')).toEqual(['{"o":[{"_id":1},{"_id":2},{"_id":3}]}'])
    expect(await ids('$nil')).toEqual(['{"o":[{"_id":2},{"_id":3}]}'])
    expect(await ids('$none')).toEqual(['{"o":[]}'])
  })
})

describe('$unionWith', () => {
  it('appends another collection through a pipeline', async () => {
    expect(
      await results(
        [{ $unionWith: { coll: 'people', pipeline: [{ $match: { boss: 'A' } }] } }, { $project: { _id: 1 } }],
        [{ _id: 0 }],
        { collections },
      ),
    ).toEqual(['{"_id":0}', '{"_id":2}'])
  })
})
