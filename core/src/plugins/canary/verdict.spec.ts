import { type Figures, Meter } from './figures.ts'
import { canarySpec } from './spec.ts'
import { judge } from './verdict.ts'

const spec = canarySpec({ percent: 10, minRequests: 20, minSeconds: 10, budgets: { p95Ratio: 1.5 } })

function figuresOf(count: number, ms: number, failed = 0): Figures {
  const meter = new Meter()
  for (let i = 0; i < count; i += 1) meter.request(i < failed, ms / 1000)
  return meter.figures
}

const verdict = (candidate: Figures, baseline: Figures, elapsedSeconds = 10) =>
  judge(spec, { candidate, baseline, elapsedSeconds, broken: false })

describe('judging a canary', () => {
  it('that is slower than its budget', () => {
    expect(verdict(figuresOf(20, 200), figuresOf(20, 100)).kind).toBe('over')
    expect(verdict(figuresOf(20, 130), figuresOf(20, 100)).kind).toBe('within')
  })

  it('calls a few milliseconds more, or one slow request of a few, noise', () => {
    expect(verdict(figuresOf(20, 9), figuresOf(20, 2)).kind).toBe('within')
    expect(verdict(figuresOf(20, 500), figuresOf(19, 10)).kind).toBe('within')
  })

  it('holds its errors against those of the version before', () => {
    expect(verdict(figuresOf(100, 10, 10), figuresOf(100, 10, 10)).kind).toBe('within')
    expect(verdict(figuresOf(100, 10, 10), figuresOf(100, 10, 2)).kind).toBe('over')
  })

  it('holds the failures of its screens against how often those of the version before fail', () => {
    const screens = (count: number, uiErrors: number) => ({ ...figuresOf(count, 10), uiErrors })
    expect(verdict(screens(30, 1), screens(300, 10)).kind).toBe('within')
    expect(verdict(screens(30, 2), screens(300, 10)).why.reason).toContain('2 failures of its screens, 1 allowed')
    expect(verdict(screens(1, 1), screens(300, 0), 1).kind).toBe('over')
  })

  it('needs both requests and time', () => {
    expect(verdict(figuresOf(19, 10), figuresOf(20, 10)).why.reason).toBe('waits for 1 more requests')
    expect(verdict(figuresOf(20, 10), figuresOf(20, 10), 4).why.reason).toBe('waits for 6 more seconds')
  })
})
