import { Ajv2020 } from 'ajv/dist/2020.js'
import { book, fibreService, mobileService } from '../testing/fixtures.ts'
import type { MetricId } from './catalogue.ts'
import { judge, promised, type Level } from './evaluate.ts'
import { ThresholdBook, thresholdsSchema } from './threshold-rules.ts'

const at = new Date('2026-11-20T12:00:00Z')
const subjectOf = (technology: 'mobile' | 'fibre'): { technology: 'mobile' | 'fibre'; promise: object } => {
  const service = technology === 'mobile' ? mobileService() : fibreService()
  return { technology, promise: service.plan.promise }
}

it('takes thresholds by a schema that is a JSON Schema', () => {
  expect(new Ajv2020().validateSchema(thresholdsSchema)).toBe(true)
})

describe('judge', () => {
  it.each<[string, 'mobile' | 'fibre', MetricId, number, Level, Level]>([
    ['good signal', 'mobile', 'rsrp', -90, 'ok', 'ok'],
    ['weak signal', 'mobile', 'rsrp', -106, 'ok', 'degraded'],
    ['hardly any signal', 'mobile', 'rsrp', -116, 'ok', 'critical'],
    ['weak signal that is coming back stays weak within the margin', 'mobile', 'rsrp', -103.5, 'degraded', 'degraded'],
    ['weak signal that is back beyond the margin', 'mobile', 'rsrp', -102.9, 'degraded', 'ok'],
    ['light beyond the class B+ receiver', 'fibre', 'opticalRx', -27.4, 'ok', 'critical'],
    ['light near the limit', 'fibre', 'opticalRx', -25.5, 'ok', 'degraded'],
    ['good light', 'fibre', 'opticalRx', -19, 'ok', 'ok'],
    ['too much light', 'fibre', 'opticalRx', -7.5, 'ok', 'critical'],
    ['throughput far below the promise of 300', 'fibre', 'down', 80, 'ok', 'critical'],
    ['throughput below the promise of 300', 'fibre', 'down', 170, 'ok', 'degraded'],
    ['throughput near the promise of 300', 'fibre', 'down', 260, 'ok', 'ok'],
    ['the same throughput on a plan that promises 40', 'mobile', 'down', 80, 'ok', 'ok'],
    ['packet loss', 'fibre', 'loss', 3.2, 'ok', 'critical'],
    ['a CPE that restarted ten minutes ago', 'fibre', 'uptime', 600, 'ok', 'degraded'],
  ])('%s', (_name, technology, metric, value, previous, expected) => {
    expect(judge(book, subjectOf(technology), { metric, value, at }, previous)?.level).toBe(expected)
  })

  it('holds no throughput against a plan that promises none', () => {
    const voice = { technology: 'mobile' as const, promise: { downMbps: 0, dataGb: 0 } }
    expect(judge(book, voice, { metric: 'down', value: 0, at })).toBeUndefined()
    expect(promised('down', voice.promise)).toBeUndefined()
  })

  it('gives the threshold in the unit of the metric', () => {
    expect(judge(book, subjectOf('fibre'), { metric: 'down', value: 80, at })?.threshold).toBe(90)
  })

  it('does not judge throughput that nobody promised', () => {
    const subject = { technology: 'mobile' as const, promise: {} }
    expect(judge(book, subject, { metric: 'down', value: 0, at })).toBeUndefined()
  })
})

describe('ThresholdBook', () => {
  const rule = {
    id: 'r',
    metric: 'rsrp',
    technology: 'mobile',
    side: 'below',
    degraded: -105,
    critical: -115,
    margin: 1,
    validFrom: '2020-01-01',
    source: 'test',
    certainty: 'our-default',
  }
  const stricter = { ...rule, degraded: -100, critical: -110, validFrom: '2026-06-01' }
  const dated = new ThresholdBook({ rules: [rule, stricter] })

  it.each([
    ['2026-05-31T23:59:59Z', 'ok'],
    ['2026-06-01T00:00:00Z', 'degraded'],
  ])('uses the rule in force at the time of the sample, %s', (time, expected) => {
    const sample = { metric: 'rsrp' as const, value: -102, at: new Date(time) }
    expect(judge(dated, subjectOf('mobile'), sample)?.level).toBe(expected)
  })

  it('lets configured rules replace shipped ones of the same day', () => {
    const replaced = new ThresholdBook({ rules: [rule] }, { rules: [{ ...rule, degraded: -95 }] })
    expect(judge(replaced, subjectOf('mobile'), { metric: 'rsrp', value: -97, at })?.level).toBe('degraded')
  })

  it.each([
    ['an unknown field', { ...rule, colour: 'red' }],
    ['an unknown metric', { ...rule, metric: 'happiness' }],
    ['a critical threshold that is better than degraded', { ...rule, critical: -90 }],
    ['a day that is none', { ...rule, validFrom: 'yesterday' }],
  ])('refuses %s', (_name, broken) => {
    expect(() => new ThresholdBook({ rules: [broken] })).toThrow(/Threshold/)
  })
})
