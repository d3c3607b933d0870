import type { Document } from 'bson'
import { aggregate } from '../pipeline-testing.ts'
import { relaxed } from '../../values/typed-testing.ts'

const documents = [
  { _id: 1, p: 'a', t: 1, v: 1 },
  { _id: 2, p: 'a', t: 2, v: 2 },
  { _id: 3, p: 'a', t: 2, v: 4 },
  { _id: 4, p: 'a', t: 5, v: 8 },
  { _id: 5, p: 'b', t: 1, v: 16 },
]

async function windowed(output: Document, sortBy: Document | undefined = { t: 1 }): Promise<string> {
  const stage = { $setWindowFields: { partitionBy: '$p', ...(sortBy && { sortBy }), output: { r: output } } }
  return relaxed((await aggregate([stage], documents)).map(({ r }) => (r === undefined ? 'missing' : (r as unknown))))
}

describe('$setWindowFields', () => {
  it.each<[Document, string]>([
    [{ $sum: '$v' }, '[15,15,15,15,16]'],
    [{ $sum: '$v', window: { documents: ['unbounded', 'current'] } }, '[1,3,7,15,16]'],
    [{ $avg: '$v', window: { documents: [-1, 0] } }, '[1,1.5,3,6,16]'],
    [{ $push: '$v', window: { documents: [1, 'unbounded'] } }, '[[2,4,8],[4,8],[8],[],[]]'],
    [{ $push: '$v', window: { documents: ['unbounded', 'current'] } }, '[[1],[1,2],[1,2,4],[1,2,4,8],[16]]'],
    [{ $sum: '$v', window: { range: [-1, 0] } }, '[1,7,7,8,16]'],
    [{ $sum: '$v', window: { range: ['current', 3] } }, '[7,14,12,8,16]'],
    [{ $max: '$v', window: { range: ['unbounded', 'current'] } }, '[1,2,4,8,16]'],
    [{ $rank: {} }, '[1,2,2,4,1]'],
    [{ $denseRank: {} }, '[1,2,2,3,1]'],
    [{ $documentNumber: {} }, '[1,2,3,4,1]'],
    [{ $shift: { output: '$v', by: 1, default: 'end' } }, '[2,4,8,"end","end"]'],
    [{ $shift: { output: '$v', by: -1 } }, '[null,1,2,4,null]'],
    [{ $expMovingAvg: { input: '$v', alpha: 0.5 } }, '[1,1.5,2.75,5.375,16]'],
    [{ $derivative: { input: '$v' }, window: { documents: [-1, 0] } }, '[null,1,null,1.3333333333333333,null]'],
    [{ $integral: { input: '$v' }, window: { documents: ['unbounded', 'current'] } }, '[0,1.5,1.5,19.5,0]'],
    [{ $first: '$v', window: { documents: ['current', 'unbounded'] } }, '[1,2,4,8,16]'],
    [{ $covariancePop: ['$t', '$v'] }, '[3.875,3.875,3.875,3.875,0]'],
    [{ $count: {}, window: { documents: [-1, 1] } }, '[2,3,3,2,1]'],
    [{ $sum: '$v', window: { documents: [{ $subtract: [0, 1] }, { $add: [0, 0] }] } }, '[1,3,6,12,16]'],
    [{ $push: ['$t', '$v'], window: { documents: [0, 0] } }, '[[[1,1]],[[2,2]],[[2,4]],[[5,8]],[[1,16]]]'],
    [{ $top: { output: '$v', sortBy: { v: 1 } }, window: { documents: [2, 3] } }, '[4,8,null,null,null]'],
    [{ $shift: { output: '$missing', by: -1, default: 'none' } }, '["none","none","none","none","none"]'],
    [{ $covariancePop: '$v' }, '[null,null,null,null,null]'],
  ])('%j', async (output, expected) => {
    expect(await windowed(output)).toBe(expected)
  })

  it('moves windows of dates by units', async () => {
    const days = [1, 2, 9].map((day) => ({ _id: day, d: new Date(Date.UTC(2021, 0, day)), v: day }))
    const stage = {
      $setWindowFields: {
        sortBy: { d: 1 },
        output: { 'w.s': { $sum: '$v', window: { range: [-7, 'current'], unit: 'day' } } },
      },
    }
    expect((await aggregate([stage], days)).map(({ w }) => relaxed(w))).toEqual(['{"s":1}', '{"s":3}', '{"s":11}'])
  })

  it('refuses windows that its sort cannot order', async () => {
    await expect(windowed({ $sum: '$v', window: { documents: [-1, 0] } }, {})).rejects.toMatchObject({ code: 5339901 })
    await expect(windowed({ $sum: '$v', window: { range: [-1, 0] } }, { t: 1, v: 1 })).rejects.toMatchObject({
      code: 5339902,
    })
    for (const output of [
      { $nope: '$v' },
      { $derivative: { input: '$v' } },
      { $sum: '$v', window: { rows: [-1, 0] } },
      { $sum: '$v', window: { unit: 'day' } },
    ])
      await expect(windowed(output)).rejects.toMatchObject({ code: 9 })
  })
})
