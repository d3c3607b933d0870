import type { Document } from 'bson'
import { results } from '../pipeline-testing.ts'

const day = (n: number): Date => new Date(Date.UTC(2021, 0, n))

async function windowed(output: unknown, sortBy: unknown, documents: Document[] = []): Promise<string[]> {
  return results([{ $setWindowFields: { ...(sortBy !== undefined && { sortBy }), output } }], documents)
}

const derivative = { $derivative: { input: '$v' }, window: { documents: [-1, 0] } }
const sumOver = (window: unknown): Document => ({ r: { $sum: '$v', window } })

describe('$setWindowFields', () => {
  it.each<[unknown, Document | undefined, number]>([
    [{ r: { a: { $sum: '$v' } } }, { t: 1 }, 9],
    [{ r: { $sum: '$v', windows: {} } }, { t: 1 }, 9],
    [{ r: { $mergeObjects: '$v' } }, { t: 1 }, 9],
    [{ r: { $accumulator: {} } }, { t: 1 }, 9],
    ['text', { t: 1 }, 14],
    [{ a: { $sum: 1 }, 'a.b': { $sum: 1 } }, { t: 1 }, 6307900],
    [sumOver({ range: ['unbounded', 'unbounded'] }), undefined, 5339902],
    [sumOver({ range: ['unbounded', 'unbounded'] }), { t: 1, v: 1 }, 5339902],
    [sumOver({ range: [-1, 0] }), { t: -1 }, 8947401],
    [sumOver({ range: [1, 'current'] }), { t: 1 }, 5339900],
    [sumOver({ range: ['current', -1], unit: 'day' }), { t: 1 }, 5339900],
    [sumOver({ range: [-1.5, 0], unit: 'day' }), { t: 1 }, 9],
    [sumOver({ range: [-1, 0], unit: 3 }), { t: 1 }, 9],
    [sumOver({ documents: ['$v', 0] }), { t: 1 }, 9],
    [sumOver({ documents: [{ $const: 'current' }, 3] }), { t: 1 }, 9],
    [{ r: { $rank: {}, window: { documents: [0, 0] } } }, undefined, 5371601],
    [{ r: { $rank: '$v' } }, { t: 1 }, 5371603],
    [{ r: { $documentNumber: {} } }, { t: 1, v: 1 }, 5371602],
    [{ r: derivative }, undefined, 9],
    [{ r: derivative }, { t: 1, v: 1 }, 9],
    [{ r: { ...derivative, $derivative: { input: '$v', unit: 'month' } } }, { t: 1 }, 5490710],
    [{ r: { $shift: { output: '$v', by: 1 } } }, undefined, 9],
    [{ r: { $shift: { output: '$v', by: 1, default: '$v' } } }, { t: 1 }, 9],
    [{ r: { $expMovingAvg: { input: '$v', alpha: 1 } } }, { t: 1 }, 9],
    [{ r: { $expMovingAvg: { input: '$v', N: 2 }, window: { documents: [0, 0] } } }, { t: 1 }, 9],
    [{ r: { $linearFill: '$v' } }, undefined, 605001],
    [{ r: { $locf: '$v', window: {} } }, { t: 1 }, 9],
    [{ r: { $minN: 3 } }, { t: 1 }, 5787900],
    [{ r: { $firstN: 3 } }, { t: 1 }, 5787801],
  ])('%j sorted by %j is refused with %d before any document is read', async (output, sortBy, code) => {
    await expect(windowed(output, sortBy)).rejects.toMatchObject({ code })
  })

  it.each<[Document, unknown[], unknown[], number]>([
    [{ $sum: 1, window: { range: ['unbounded', 'unbounded'] } }, [1, 'x'], [1, 1], 5429414],
    [{ $sum: 1, window: { range: [0, 1] } }, [day(1)], [1], 5429413],
    [{ $sum: 1, window: { range: [0, 1], unit: 'day' } }, [1], [1], 5429513],
    [derivative, [1, 2], [1, null], 5624903],
    [derivative, [1, 2], [1, 'x'], 14],
    [{ $integral: { input: '$v' } }, [day(1), day(2)], [1, 2], 5423902],
    [{ $integral: { input: '$v', unit: 'day' } }, [1, 2], [1, 2], 5423901],
    [{ $integral: { input: '$v' } }, [1, 2], [1, null], 5423900],
    [{ $linearFill: '$v' }, [1, 1], [1, null], 6050106],
    [{ $linearFill: '$v' }, [1, day(2)], [1, null], 14],
    [{ $linearFill: '$v' }, [1, 2], [1, 'x'], 14],
  ])('%j over %j and %j fails with %d', async (output, times, values, code) => {
    const documents = times.map((t, i) => ({ t, v: values[i] }))
    await expect(windowed({ r: output }, { t: 1 }, documents)).rejects.toMatchObject({ code })
  })

  it('refuses a constant list to partition by before any document is read', async () => {
    const stage = { $setWindowFields: { partitionBy: { $literal: [] }, output: {} } }
    await expect(results([stage], [])).rejects.toMatchObject({ code: 14 })
  })
})
