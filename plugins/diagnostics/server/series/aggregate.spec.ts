import fc from 'fast-check'
import { aggregate, merge, type Sample } from './aggregate.ts'

const start = Date.parse('2026-11-20T12:00:00Z')
const sample: fc.Arbitrary<Sample> = fc
  .record({
    seq: fc.nat({ max: 20 }),
    second: fc.nat({ max: 59 }),
    value: fc.double({ min: -140, max: -40, noNaN: true }),
  })
  .map(({ seq, second, value }) => ({
    _id: `probe:${seq}`,
    at: new Date(start + second * 1000),
    metrics: { rsrp: value, latency: -value },
  }))
const samples = fc.uniqueArray(sample, { selector: ({ _id }) => _id, maxLength: 20 })

describe('aggregate', () => {
  it('counts, sums and keeps extremes and the last value by time', () => {
    const at = (second: number): Date => new Date(start + second * 1000)
    const aggregates = aggregate([
      { _id: 'probe:3', at: at(30), metrics: { rsrp: -90 } },
      { _id: 'probe:1', at: at(10), metrics: { rsrp: -100, loss: 1 } },
      { _id: 'probe:2', at: at(20), metrics: { rsrp: -80 } },
    ])
    expect(aggregates).toEqual({
      rsrp: { count: 3, sum: -270, min: -100, max: -80, last: -90, lastAt: at(30) },
      loss: { count: 1, sum: 1, min: 1, max: 1, last: 1, lastAt: at(10) },
    })
  })

  it('takes of several rows of one second the one that its source sent last', () => {
    const rows = [9, 10, 100].map((seq) => ({ _id: `probe:${seq}`, at: new Date(start), metrics: { rsrp: -seq } }))
    expect(aggregate(rows).rsrp).toMatchObject({ count: 3, last: -100 })
    expect(aggregate(rows.toReversed()).rsrp?.last).toBe(-100)
  })

  it('is the same for any order and repetition of the rows', () => {
    fc.assert(
      fc.property(
        samples.chain((rows) =>
          fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows, ...rows], { minLength: rows.length * 2 })),
        ),
        ([rows, again]) => {
          expect(aggregate(again)).toEqual(aggregate(rows))
        },
      ),
    )
  })

  it('merges two slots into what the rows of both give', () => {
    fc.assert(
      fc.property(samples, fc.nat({ max: 60 }), (rows, cut) => {
        const edge = new Date(start + cut * 1000)
        const merged = merge(
          aggregate(rows.filter(({ at }) => at < edge)),
          aggregate(rows.filter(({ at }) => at >= edge)),
        )
        const whole = aggregate(rows)
        expect(merged.rsrp?.count).toBe(whole.rsrp?.count)
        expect(merged.rsrp?.min).toBe(whole.rsrp?.min)
        expect(merged.rsrp?.max).toBe(whole.rsrp?.max)
        expect(merged.rsrp?.last).toBe(whole.rsrp?.last)
        expect(merged.rsrp?.sum ?? 0).toBeCloseTo(whole.rsrp?.sum ?? 0, 6)
      }),
    )
  })
})
