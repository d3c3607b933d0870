import type { Document } from 'bson'
import fc from 'fast-check'
import { relaxed, typed } from '../values/typed-testing.ts'
import { compilePipeline } from './index.ts'
import { aggregate } from './pipeline-testing.ts'

const field = fc.constantFrom('a', 'b', 'a.x', 'c')
const number = fc.integer({ min: 0, max: 3 })
const condition = fc.oneof(
  number,
  number.map((n) => ({ $gte: n })),
  fc.constant({ $exists: false }),
  fc.constant(null),
)
const stage: fc.Arbitrary<Document> = fc.oneof(
  fc.tuple(field, condition).map(([path, test]) => ({ $match: { [path]: test } })),
  fc.tuple(field, number).map(([path, n]) => ({ $match: { $or: [{ [path]: n }, { b: 1 }] } })),
  fc.constant({ $match: { $expr: { $gte: ['$a', '$b'] } } }),
  fc.tuple(field, number).map(([path, n]) => ({ $set: { [path]: n } })),
  fc.constantFrom({ $unset: 'a' }, { $unset: ['b', 'c'] }, { $set: { c: '$a' } }, { $project: { a: 1, b: 1 } }),
  fc.constantFrom({ $sort: { a: 1, _id: 1 } }, { $sort: { _id: -1 } }, { $skip: 1 }, { $limit: 4 }, { $limit: 2 }),
)
const value = fc.oneof(
  number,
  fc.constant(null),
  number.map((x) => ({ x })),
  fc.array(number, { maxLength: 2 }),
)
const documents = fc
  .array(fc.record({ a: value, b: value, c: number }, { requiredKeys: [] }), { maxLength: 8 })
  .map((list) => list.map((document, i) => ({ _id: i, ...document })))

describe('compilePipeline', () => {
  it('gives what its stages give one after the other, whoever applies the leading part', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stage, { maxLength: 5 }), documents, async (stages, source) => {
        let expected: Document[] = source.map(typed)
        for (const each of stages) expected = await aggregate([each], expected)
        const expectedTexts = expected.map(relaxed)
        expect((await aggregate(stages, source)).map(relaxed)).toEqual(expectedTexts)

        const pipeline = compilePipeline(stages.map(typed), { ns: 'test.c', lookup: () => [] })
        const { leadingMatch, leadingSort, leadingSkip, leadingLimit } = pipeline
        const pushed: Document[] = [{ $match: leadingMatch ?? {} }, { $skip: leadingSkip ?? 0 }]
        if (leadingSort) pushed.splice(1, 0, { $sort: leadingSort })
        if (leadingLimit !== undefined) pushed.push({ $limit: leadingLimit })
        const served = await aggregate(pushed, source)
        const output: string[] = []
        const applied = { match: true, sort: true, skip: true, limit: true }
        for await (const document of pipeline.run(served, applied)) output.push(relaxed(document))
        expect(output).toEqual(expectedTexts)
      }),
      { numRuns: 500 },
    )
  })
})
