import { Decimal128, type Document } from 'bson'
import { aggregate, results } from '../pipeline-testing.ts'
import { canonical } from '../../values/typed-testing.ts'

const day = (n: number): Date => new Date(Date.UTC(2021, 0, n))
const densify = (range: unknown, more: Document = {}): Document[] => [{ $densify: { field: 'x', range, ...more } }]

describe('$densify', () => {
  it.each<[Document[], number]>([
    [[{ $densify: 'x' }], 9],
    [densify({ step: 'a', bounds: 'full' }), 14],
    [densify({ step: 1, bounds: 'full', unit: 3 }), 14],
    [densify({ step: 1, bounds: 'full', unit: 'fortnight' }), 9],
    [densify({ step: -1, bounds: [0, 1] }), 5733401],
    [densify({ step: 1, bounds: [2, 1] }), 5733402],
    [densify({ step: 1, bounds: [0, 1, 2] }), 5733403],
    [densify({ step: 1, bounds: 4 }), 5733404],
    [densify({ step: 1, bounds: [1, day(1)] }), 5733406],
    [densify({ step: 1, bounds: [1, 2], unit: 'day' }), 5733409],
    [densify({ step: 1, bounds: [day(1), day(2)] }), 5733410],
    [densify({ step: 1.5, bounds: [1, 2] }), 5876900],
    [densify({ step: 1, bounds: ['a', 'b'] }), 5946800],
    [densify({ step: 1, bounds: 'half' }), 5946802],
    [densify({ step: 1.1, bounds: [day(1), day(2)], unit: 'day' }), 6586400],
    [densify({ step: 1, bounds: 'full' }, { partitionByFields: ['x.y'] }), 8993000],
    [densify({ step: 1, bounds: 'full' }, { field: 'x.y', partitionByFields: ['x'] }), 9554500],
    [densify({ step: 1, bounds: 'full' }, { partitionByFields: ['$p'] }), 16410],
  ])('%j is refused with %d', async (stages, code) => {
    await expect(results(stages, [])).rejects.toMatchObject({ code })
  })

  it('fills an explicit range of a collection without documents, and of no partition without its field', async () => {
    expect(await results(densify({ step: 2, bounds: [0, 5] }), [])).toEqual(['{"x":0}', '{"x":2}', '{"x":4}'])
    const partitioned = densify({ step: 2, bounds: [0, 3] }, { partitionByFields: ['p'] })
    expect(await results(partitioned, [])).toEqual([])
    expect(await results(partitioned, [{ p: 1, x: null }])).toEqual(['{"p":1,"x":null}'])
  })

  it('goes on with the type of the last value seen', async () => {
    const documents = [{ x: Decimal128.fromString('0') }, { x: 2.5 }, { x: Decimal128.fromString('5') }]
    expect((await aggregate(densify({ step: 0.5, bounds: 'full' }), documents)).slice(4, 7).map(canonical)).toEqual([
      '{"x":{"$numberDecimal":"2.000000000000000"}}',
      '{"x":{"$numberDouble":"2.5"}}',
      '{"x":{"$numberDouble":"3.0"}}',
    ])
  })
})
