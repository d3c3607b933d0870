import { type Document, Int32 } from 'bson'
import { turnsDuring } from '../testing/turns.ts'
import { relaxed, typed } from '../values/typed-testing.ts'
import { compilePipeline } from './index.ts'
import { Pacer } from './pacer.ts'
import { aggregate, results } from './pipeline-testing.ts'
import { slicedSort } from './sliced-sort.ts'
import type { MergeSpec, Pipeline, Target } from './types.ts'

function compile(stages: Document[]): Pipeline {
  return compilePipeline(stages.map(typed), { ns: 'test.c', lookup: () => [] })
}

/** Holds the processor for some milliseconds. */
function spend(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}

describe('the leading part of a pipeline', () => {
  it.each<[Document[], Document]>([
    [
      [{ $match: { a: 1 } }, { $match: { b: 2 } }, { $sort: { c: 1 } }, { $skip: 2 }, { $limit: 3 }],
      { leadingMatch: { $and: [{ a: 1 }, { b: 2 }] }, leadingSort: { c: 1 }, leadingSkip: 2, leadingLimit: 3 },
    ],
    [[{ $sort: { c: 1 } }, { $match: { a: 1 } }], { leadingMatch: { a: 1 }, leadingSort: { c: 1 } }],
    [[{ $set: { x: 1 } }, { $match: { a: 1 } }], { leadingMatch: { a: 1 } }],
    [
      [
        { $lookup: { from: 'o', localField: 'a', foreignField: 'b', as: 'x' } },
        { $match: { $or: [{ a: 1 }, { b: 2 }] } },
      ],
      { leadingMatch: { $or: [{ a: 1 }, { b: 2 }] } },
    ],
    [[{ $limit: 5 }, { $match: { a: 1 } }], { leadingLimit: 5 }],
  ])('%j gives %j', (stages, expected) => {
    const { leadingMatch, leadingSort, leadingSkip, leadingLimit } = compile(stages)
    const leading = Object.fromEntries(
      Object.entries({ leadingMatch, leadingSort, leadingSkip, leadingLimit }).filter(
        ([, value]) => value !== undefined,
      ),
    )
    expect(relaxed(leading)).toBe(relaxed(expected))
  })

  it.each<[Document[]]>([
    [[{ $set: { a: 1 } }, { $match: { 'a.b': 1 } }]],
    [[{ $set: { x: 1 } }, { $match: { $expr: '$a' } }]],
    [[{ $group: { _id: '$a' } }, { $match: { _id: 1 } }]],
    [[{ $project: { a: 1 } }, { $match: { a: 1 } }]],
    [[{ $skip: 1 }, { $match: { a: 1 } }]],
  ])('%j has no leading match', (stages) => {
    expect(compile(stages).leadingMatch).toBeUndefined()
  })

  it('is left out of the run when the source has had it applied', async () => {
    const pipeline = compile([
      { $match: { a: 1 } },
      { $sort: { b: 1 } },
      { $skip: 1 },
      { $limit: 1 },
      { $set: { z: '$a' } },
    ])
    const source = [
      { a: 2, b: 2 },
      { a: 1, b: 1 },
      { a: 1, b: 0 },
    ].map(typed)
    const run = async (applied: object): Promise<string[]> => {
      const output: string[] = []
      for await (const document of pipeline.run(source, applied)) output.push(relaxed(document))
      return output
    }
    expect(await run({})).toEqual(['{"a":1,"b":1,"z":1}'])
    expect(await run({ match: true, sort: true, skip: true, limit: true })).toEqual([
      '{"a":2,"b":2,"z":2}',
      '{"a":1,"b":1,"z":1}',
      '{"a":1,"b":0,"z":1}',
    ])
  })

  it('tells special sources and writers apart', () => {
    expect(compile([{ $changeStream: { fullDocument: 'updateLookup' } }, { $match: { a: 1 } }])).toMatchObject({
      isChangeStream: true,
      source: { stage: '$changeStream', spec: { fullDocument: 'updateLookup' } },
      leadingMatch: {},
    })
    expect(compile([{ $indexStats: {} }])).toMatchObject({
      isChangeStream: false,
      source: { stage: '$indexStats' },
      writes: false,
    })
    expect(compile([{ $lookup: { from: 'o', as: 'x', pipeline: [{ $unionWith: 'p' }] } }]).reads).toEqual(['o', 'p'])
  })
})

describe('running a pipeline', () => {
  it('stops reading its source at $limit', async () => {
    let read = 0
    let closed = false
    function* source(): Generator<Document> {
      try {
        for (;;) yield { _id: new Int32(read++) }
      } finally {
        closed = true
      }
    }
    const output: Document[] = []
    for await (const document of compile([{ $match: {} }, { $project: { _id: 1 } }, { $limit: 3 }]).run(source()))
      output.push(document)
    expect(output).toHaveLength(3)
    expect(read).toBeLessThan(100)
    expect(closed).toBe(true)
  })

  it('gives way to other work while it reads a slow source, and while it sorts', async () => {
    function* slow(): Generator<Document> {
      for (let i = 0; i < 100; i++) {
        spend(1)
        yield { _id: new Int32(i), k: new Int32(i % 10) }
      }
    }
    const output: string[] = []
    const { turns: readTurns } = await turnsDuring(async () => {
      for await (const document of compile([{ $group: { _id: '$k' } }, { $count: 'n' }]).run(slow()))
        output.push(relaxed(document))
    })
    expect(output).toEqual(['{"n":10}'])
    expect(readTurns).toBeGreaterThan(3)
    const items = Array.from({ length: 2048 }, (_, i) => (i * 7919) % 2048)
    const order = (x: number, y: number): number => {
      if (x % 64 === 0) spend(0.5)
      return x - y
    }
    const { turns: sortTurns } = await turnsDuring(async () => {
      expect(await slicedSort(items, order, new Pacer())).toEqual([...items.keys()])
    })
    expect(sortTurns).toBeGreaterThan(2)
  })

  it('refuses to hold more than its memory bound', async () => {
    const documents = Array.from({ length: 500 }, (_, i) => ({ _id: i, text: 'x'.repeat(100) }))
    for (const stage of [
      { $sort: { text: 1 } },
      { $group: { _id: '$_id', all: { $push: '$text' } } },
      { $facet: { a: [] } },
      { $bucketAuto: { groupBy: '$_id', buckets: 2 } },
    ]) {
      await expect(aggregate([stage, { $count: 'n' }], documents, { memoryLimitBytes: 20_000 })).rejects.toMatchObject({
        code: 292,
      })
    }
    expect(
      await results([{ $sort: { _id: -1 } }, { $limit: 2 }, { $project: { _id: 1 } }], documents, {
        memoryLimitBytes: 200_000,
      }),
    ).toEqual(['{"_id":499}', '{"_id":498}'])
  })

  it('ends when a turn says so', async () => {
    const pipeline = compilePipeline([typed({ $sort: { _id: -1 } })], {
      ns: 'test.c',
      lookup: () => [],
      onTurn: () => {
        throw new Error('time is up')
      },
    })
    function* slow(): Generator<Document> {
      for (let i = 0; ; i++) {
        spend(1)
        yield { _id: new Int32(i) }
      }
    }
    await expect(pipeline.run(slow()).next()).rejects.toThrow('time is up')
  })

  it('sorts stably', async () => {
    const documents = Array.from({ length: 1200 }, (_, i) => ({ _id: i, k: i % 3 }))
    const sorted = await aggregate([{ $sort: { k: 1 } }], documents)
    expect(sorted.map(({ _id: id }) => Number(id))).toEqual(
      [0, 1, 2].flatMap((k) => documents.filter((document) => document.k === k).map(({ _id: id }) => id)),
    )
  })

  it('takes $documents instead of a source, and variables from let', async () => {
    expect(
      await results(
        [{ $documents: [{ a: 1 }, { a: { $add: [1, '$$x'] } }] }, { $match: { $expr: { $gt: ['$a', '$$x'] } } }],
        [{ never: 1 }],
        { let: { x: 2 } },
      ),
    ).toEqual(['{"a":3}'])
  })
})

describe('writing stages', () => {
  it('hand their documents, target and modes to the engine', async () => {
    const merged: [Target, MergeSpec, Document[]][] = []
    const collect = async (documents: AsyncIterable<Document>): Promise<Document[]> => {
      const list: Document[] = []
      for await (const document of documents) list.push(document)
      return list
    }
    const write = {
      checkMerge: (): void => undefined,
      out: async (target: Target, documents: AsyncIterable<Document>): Promise<void> => {
        expect([target, (await collect(documents)).length]).toEqual([{ db: 'other', coll: 'o' }, 1])
      },
      merge: async (target: Target, spec: MergeSpec, documents: AsyncIterable<Document>): Promise<void> => {
        merged.push([target, spec, await collect(documents)])
      },
    }
    expect(await results([{ $out: { db: 'other', coll: 'o' } }], [{ _id: 1 }], { write })).toEqual([])
    const stage = {
      $merge: {
        into: 'm',
        on: 'k',
        whenMatched: [{ $set: { n: { $add: ['$n', '$$new.n', '$$extra'] } } }],
        let: { new: '$$ROOT', extra: 100 },
      },
    }
    await results([stage], [{ k: 1, n: 5 }], { write })
    const [[target, spec, documents]] = merged as [[Target, MergeSpec, Document[]]]
    expect([target, spec.on, spec.whenMatched, spec.whenNotMatched]).toEqual([
      { db: 'test', coll: 'm' },
      ['k'],
      'pipeline',
      'insert',
    ])
    expect(relaxed(spec.update?.(typed({ _id: 1, k: 1, n: 10 }), documents[0] as Document))).toBe(
      '{"_id":1,"k":1,"n":115}',
    )
  })
})
