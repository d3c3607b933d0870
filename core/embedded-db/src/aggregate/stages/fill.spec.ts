import type { Document } from 'bson'
import { results } from '../pipeline-testing.ts'

const fill = (output: unknown, more: Document = {}): Document[] => [{ $fill: { output, ...more } }]

describe('$fill', () => {
  it.each<[Document[], number]>([
    [[{ $fill: 'x' }], 9],
    [[{ $fill: {} }], 40414],
    [fill('x'), 14],
    [fill({}), 6050203],
    [fill({ a: 'locf' }), 6050200],
    [fill({ a: { method: 'locf', value: 1 } }), 6050201],
    [fill({ a: { method: 'random' } }), 6050202],
    [fill({ a: { method: 'locf', second: 1 } }), 40415],
    [fill({ a: { method: 'locf' } }, { partitionBy: '$p', partitionByFields: ['p'] }), 6050204],
    [fill({ a: { method: 'locf' } }, { partitionBy: 4 }), 14],
    [fill({ a: { method: 'linear' } }), 605001],
  ])('%j is refused with %d', async (stages, code) => {
    await expect(results(stages, [])).rejects.toMatchObject({ code })
  })

  it('computes values from what the methods filled', async () => {
    const output = { a: { value: { $add: ['$b', 1] } }, b: { method: 'locf' } }
    const documents = [
      { _id: 1, a: 9, b: 5 },
      { _id: 2, a: null },
    ]
    expect(await results(fill(output, { sortBy: { _id: 1 } }), documents)).toEqual([
      '{"_id":1,"a":9,"b":5}',
      '{"_id":2,"a":6,"b":5}',
    ])
  })

  it('sorts nothing where there are values only', async () => {
    const documents = [{ _id: 2 }, { _id: 1 }]
    expect(await results(fill({ a: { value: 0 } }, { sortBy: { _id: 1 } }), documents)).toEqual([
      '{"_id":2,"a":0}',
      '{"_id":1,"a":0}',
    ])
  })
})
