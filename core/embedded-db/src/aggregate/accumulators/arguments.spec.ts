import { Decimal128, type Document } from 'bson'
import { evaluate, results } from '../pipeline-testing.ts'

const grouped = (accumulator: Document): Document[] => [{ $group: { _id: null, r: accumulator } }]
const percentile = (p: unknown, method: unknown = 'approximate'): Document => ({
  $percentile: { p, input: '$v', method },
})
const top = (more: Document): Document => ({ $topN: { n: 1, output: '$v', sortBy: { v: 1 }, ...more } })

describe('the arguments of accumulators', () => {
  it.each<[Document, number]>([
    [{ $percentile: 0.5 }, 7429703],
    [{ $median: 3 }, 7436100],
    [percentile(['$v']), 7750300],
    [percentile(0.5), 7750301],
    [percentile([]), 7750301],
    [percentile({ $concatArrays: [[0.1], ['x']] }), 7750302],
    [percentile([0.5, 10]), 7750303],
    [percentile([0.5], 42), 14],
    [percentile([0.5], 'discrete'), 2],
    [{ $minN: 3 }, 5787900],
    [{ $firstN: 3 }, 5787801],
    [top({ sortBy: 'v' }), 10065],
    [top({ n: Decimal128.fromString('9223372036854775808') }), 5787903],
    [{ $push: ['$v'] }, 40237],
    [{ $concatArrays: '$v' }, 15952],
  ])('%j is refused with %d before any document is read', async (accumulator, code) => {
    await expect(results(grouped(accumulator), [])).rejects.toMatchObject({ code })
  })

  it('are refused outside of a group too', () => {
    for (const [expression, code] of [
      [{ $percentile: 3 }, 7436200],
      [{ $median: 3 }, 7436201],
      [{ $percentile: { input: [1], p: '$p', method: 'approximate' } }, 7750300],
      [{ $median: { input: [1], method: '$m' } }, 2],
    ] as const)
      expect(() => evaluate(expression, { p: [0.5], m: 'approximate' })).toThrow(expect.objectContaining({ code }))
  })

  it('take probabilities from the variables of the command', async () => {
    const documents = [{ v: 1 }, { v: 2 }, { v: Number.NaN }]
    expect(await results(grouped(percentile('$$ps')), documents, { let: { ps: [0, 1] } })).toEqual([
      '{"_id":null,"r":[1,2]}',
    ])
  })

  it('may not be of the group in $bucketAuto', async () => {
    const output = { r: { $minN: { n: { $size: '$min' }, input: '$v' } } }
    const stage = { $bucketAuto: { groupBy: '$v', buckets: 2, output } }
    await expect(results([stage], [])).rejects.toMatchObject({ code: 4544714 })
  })
})
