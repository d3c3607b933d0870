import { Decimal128, type Document } from 'bson'
import { aggregate } from '../pipeline-testing.ts'
import { canonical } from '../../values/typed-testing.ts'

async function series(output: Document, documents: Document[]): Promise<string> {
  const stage = { $setWindowFields: { sortBy: { t: 1 }, output: { r: output } } }
  return canonical((await aggregate([stage], documents)).map(({ r }) => r as unknown))
}

const double = (text: string): Document => ({ $numberDouble: text })
const int = (text: string): Document => ({ $numberInt: text })
const decimal = (text: string): Document => ({ $numberDecimal: text })

describe('window functions of a series', () => {
  it('give the area under one point as an int, under more as doubles', async () => {
    const output = { $integral: { input: '$v' }, window: { documents: [-1, 0] } }
    const documents = [
      { t: 1, v: 2 },
      { t: 3, v: 4 },
    ]
    expect(await series(output, documents)).toBe(JSON.stringify([int('0'), double('6.0')]))
  })

  it('keep decimals on a line between decimals', async () => {
    const documents = [
      { t: 1, v: Decimal128.fromString('1') },
      { t: 2, v: null },
      { t: 3, v: Decimal128.fromString('2') },
    ]
    expect(await series({ $linearFill: '$v' }, documents)).toBe(
      JSON.stringify([decimal('1'), decimal('1.5'), decimal('2')]),
    )
  })

  it('average in decimals, so that tenths add up', async () => {
    const documents = [
      { t: 1, v: 0.1 },
      { t: 2, v: 0.2 },
      { t: 3, v: 0.7 },
    ]
    expect(await series({ $expMovingAvg: { input: '$v', alpha: 0.1 } }, documents)).toBe(
      JSON.stringify([double('0.1'), double('0.11'), double('0.169')]),
    )
  })

  it('take the ends of the window for a slope, whatever lies between', async () => {
    const output = { $derivative: { input: '$v' }, window: { documents: ['unbounded', 'unbounded'] } }
    const documents = [
      { t: 1, v: 1 },
      { t: 2, v: null },
      { t: 3, v: 5 },
    ]
    expect(await series(output, documents)).toBe(JSON.stringify([double('2.0'), double('2.0'), double('2.0')]))
  })
})
