import type { Document } from 'bson'
import { results } from '../pipeline-testing.ts'

const bucket = (more: Document): Document[] => [{ $bucket: { groupBy: '$v', boundaries: [0, 1], ...more } }]
const auto = (more: Document): Document[] => [{ $bucketAuto: { groupBy: '$v', buckets: 2, ...more } }]
const merge = (more: Document): Document[] => [{ $merge: { into: 't', ...more } }]
const write = {
  out: (): Promise<void> => Promise.resolve(),
  merge: (): Promise<void> => Promise.resolve(),
  checkMerge: (): void => undefined,
}

describe('stages refuse', () => {
  it.each<[Document[], number]>([
    [bucket({ groupBy: 'v' }), 40202],
    [bucket({ groupBy: 3 }), 40202],
    [bucket({ output: 1 }), 40196],
    [auto({ groupBy: 'v' }), 40239],
    [auto({ buckets: 'x' }), 40241],
    [auto({ buckets: 1.5 }), 40242],
    [auto({ buckets: 2 ** 31 }), 40242],
    [auto({ output: 1 }), 40244],
    [auto({ granularity: 1 }), 40261],
    [auto({ granularity: 'x' }), 40257],
    [[{ $facet: { a: [3] } }], 40171],
    [[{ $facet: { 'a.b': [] } }], 16412],
    [[{ $facet: { $a: [] } }], 16410],
    [[{ $unionWith: { coll: 'c', other: 1 } }], 40415],
    [[{ $lookup: { from: 'c', let: { x: 1 }, localField: 'a', foreignField: 'b', as: 'r' } }], 9],
  ])('%j with %d', async (stages, code) => {
    await expect(results(stages, [])).rejects.toMatchObject({ code })
  })

  it.each<[Document[], number]>([
    [[{ $merge: 3 }], 51182],
    [[{ $merge: {} }], 40414],
    [merge({ into: 3 }), 51178],
    [merge({ into: { db: 'x' } }), 40414],
    [merge({ into: { coll: 'x', more: 1 } }), 40415],
    [merge({ into: { coll: 3 } }), 14],
    [merge({ into: 'system.views' }), 31319],
    [merge({ into: { db: 'config', coll: 'x' } }), 31320],
    [merge({ on: 3 }), 51186],
    [merge({ on: [] }), 51187],
    [merge({ on: ['a', 1] }), 51134],
    [merge({ on: ['a', 'a'] }), 31465],
    [merge({ whenMatched: 'fail', whenNotMatched: 'fail' }), 51181],
    [merge({ whenMatched: 'keepExisting', whenNotMatched: 'fail' }), 51181],
    [[{ $out: 3 }], 16990],
    [[{ $out: { coll: 'x' } }], 40414],
    [[{ $out: { db: 'x', coll: 'y', more: 1 } }], 40415],
    [[{ $out: { db: 'admin', coll: 'y' } }], 31321],
    [[{ $out: 'system.views' }], 17385],
  ])('to write: %j with %d', async (stages, code) => {
    await expect(results(stages, [], { write })).rejects.toMatchObject({ code })
  })
})
