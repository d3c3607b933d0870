import type { MetricValues } from '../metrics/catalogue.ts'
import { advance, type LatestDocument } from '../series/latest.ts'
import type { SampleDocument } from '../series/sample.ts'
import { book, fibreService, mobileService, sampleAt } from '../testing/fixtures.ts'
import type { IssueDocument } from './issue.ts'

const start = Date.parse('2026-11-20T12:00:00Z')
const good = -90
const bad = -108
const awful = -118

/** One sample a minute, as the processor would take them in one by one. */
function run(values: readonly number[], from = start): { latest: LatestDocument | undefined; issues: IssueDocument[] } {
  let latest: LatestDocument | undefined
  const issues = new Map<string, IssueDocument>()
  values.forEach((rsrp, minute) => {
    const advanced = advance(book, mobileService(), latest, [sampleAt(from + minute * 60_000, { rsrp })])
    latest = advanced.latest
    for (const issue of advanced.issues) issues.set(issue._id, issue)
  })
  return { latest, issues: [...issues.values()] }
}

const minute = (number: number): Date => new Date(start + number * 60_000)

describe('detection of issues', () => {
  it('does not take one or two bad samples for an issue', () => {
    expect(run([good, bad, good, bad, bad, good, good]).issues).toEqual([])
  })

  it('opens after three bad samples, dated back to the first, with its evidence', () => {
    expect(run([good, bad, bad, awful]).issues).toEqual([
      expect.objectContaining({
        _id: `s_mobile:rsrp:${minute(1).toISOString()}`,
        startedAt: minute(1),
        lastSeenAt: minute(3),
        endedAt: null,
        severity: 'critical',
        evidence: {
          value: awful,
          worst: awful,
          threshold: -115,
          side: 'below',
          ruleId: 'rsrp-low',
          samples: 3,
          source: 'probe',
        },
      }),
    ])
  })

  it('keeps the worst severity and value while the level eases', () => {
    for (const values of [
      [bad, bad, awful, bad],
      [awful, bad, bad, bad],
    ])
      expect(run(values).issues).toEqual([
        expect.objectContaining({
          severity: 'critical',
          evidence: expect.objectContaining({ worst: awful, threshold: -115, value: bad, samples: 4 }),
        }),
      ])
    // What was worse before the issue began says nothing of it.
    expect(run([awful, good, bad, bad, bad]).issues[0]?.severity).toBe('degraded')
  })

  it('does not take a value that is back, but not by the margin, for a worse one', () => {
    const values = [-30, -29, -30, -26.9, -26.8]
    const { issues } = advance(
      book,
      fibreService(),
      undefined,
      values.map((opticalRx, at) => sampleAt(minute(at), { opticalRx })),
    )
    expect(issues.at(-1)).toMatchObject({ severity: 'critical', endedAt: null, evidence: { value: -26.8, worst: -30 } })
  })

  it('does not hold too little light by the margin of too much', () => {
    const light = (values: readonly number[]) =>
      advance(
        book,
        fibreService(),
        undefined,
        values.map((opticalRx, at) => sampleAt(minute(at), { opticalRx })),
      ).latest.level
    expect([light([-26, -9.3]), light([-8.5, -9.3]), light([-26, -24.8])]).toEqual(['ok', 'degraded', 'degraded'])
  })

  it('ends with the first of three good samples', () => {
    const [issue] = run([bad, bad, bad, good, good, good]).issues
    expect(issue?.endedAt).toEqual(minute(3))
  })

  it('does not end on a value that is back by less than the margin', () => {
    expect(run([bad, bad, bad, -104, -104, -104]).issues[0]?.endedAt).toBeNull()
  })

  it('takes one that comes back soon for the same issue and asks for longer calm', () => {
    const calm = [good, good, good]
    const { issues } = run([bad, bad, bad, ...calm, bad, bad, bad, ...calm])
    expect(issues).toHaveLength(1)
    expect(issues[0]).toMatchObject({ flaps: 1, endedAt: null, startedAt: minute(0) })
    expect(run([bad, bad, bad, ...calm, bad, bad, bad, ...calm, ...calm]).issues[0]?.endedAt).toEqual(minute(9))
  })

  it('opens another issue after a long calm', () => {
    const calm = Array.from({ length: 20 }, () => good)
    expect(run([bad, bad, bad, ...calm, bad, bad, bad]).issues).toHaveLength(2)
  })

  it('counts every row of a source that tells time in seconds, in the order of its sequence', () => {
    const rows = [bad, bad, good, awful].map((rsrp, index) => sampleAt(start, { rsrp }, { _id: `probe:${index + 8}` }))
    const [first, second, third, last] = rows as [SampleDocument, SampleDocument, SampleDocument, SampleDocument]
    const { latest } = advance(book, mobileService(), undefined, [last, first, third, second])
    expect(latest.metrics.rsrp).toMatchObject({ value: awful, detector: { badRun: 1 } })
    expect(advance(book, mobileService(), latest, rows).latest).toEqual(latest)
    const rest = [bad, bad].map((rsrp, index) => sampleAt(start, { rsrp }, { _id: `probe:${index + 12}` }))
    expect(advance(book, mobileService(), latest, rest).issues).toEqual([
      expect.objectContaining({
        severity: 'critical',
        evidence: expect.objectContaining({ samples: 3, worst: awful }),
      }),
    ])
  })

  it('does not wait for the time of a clock that is ahead', () => {
    const ahead = sampleAt(minute(4), { rsrp: good }, { ingestedAt: minute(0), source: 'ahead', _id: 'ahead:1' })
    const faulty = [1, 2, 3].map((at) => sampleAt(minute(at), { rsrp: awful }))
    const before = advance(book, mobileService(), undefined, [ahead]).latest
    expect(before.metrics.rsrp).toMatchObject({ value: good, at: minute(4) })
    for (const { latest, issues } of [
      advance(book, mobileService(), before, faulty),
      advance(book, mobileService(), undefined, [...faulty, ahead]),
    ]) {
      expect(latest.metrics.rsrp).toMatchObject({ value: awful, at: minute(3) })
      expect(issues).toEqual([expect.objectContaining({ startedAt: minute(1), severity: 'critical' })])
    }
  })

  it('keeps the worse of what two sources say of one moment, in any order', () => {
    const rows = ['a', 'z'].map((source, index) =>
      sampleAt(start, { rsrp: [good, awful][index] ?? 0 }, { source, _id: `${source}:1` }),
    )
    const swapped = ['z', 'a'].map((source, index) =>
      sampleAt(start, { rsrp: [good, awful][index] ?? 0 }, { source, _id: `${source}:1` }),
    )
    for (const samples of [rows, rows.toReversed(), swapped, swapped.toReversed()]) {
      const known = advance(book, mobileService(), undefined, samples.slice(0, 1)).latest
      expect(advance(book, mobileService(), known, samples).latest).toMatchObject({ level: 'critical' })
    }
  })

  it('ends what is open when no rule applies any more, as after a change to a plan that promises no rate', () => {
    const slow = [1, 1, 1].map((down, index) => sampleAt(minute(index), { down }))
    const { latest, issues } = advance(book, mobileService(), undefined, slow)
    expect(issues).toEqual([expect.objectContaining({ metric: 'down', endedAt: null })])
    const unpromised = mobileService({ plan: { id: 'mobile-s', name: 'Móvel S', promise: {} } })
    const after = advance(book, unpromised, latest, [sampleAt(minute(3), { down: 1 })])
    expect(after.issues).toEqual([expect.objectContaining({ metric: 'down', endedAt: minute(3) })])
    expect(after.latest.level).toBe('ok')
  })

  it('gives the same issues when samples are taken in twice or all at once', () => {
    const values = [good, bad, awful, bad, good, bad, good, good, good]
    const samples: SampleDocument[] = values.map((rsrp, index) =>
      sampleAt(minute(index), { rsrp } satisfies MetricValues),
    )
    const once = advance(book, mobileService(), undefined, samples)
    const again = advance(book, mobileService(), once.latest, samples)
    expect(once.issues).toEqual(run(values).issues)
    expect(again.latest).toEqual(once.latest)
    expect(again.issues).toEqual([])
  })
})
