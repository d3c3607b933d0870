import type { IncidentDocument } from './incident.ts'
import type { IssueDocument } from './issue.ts'
import { assessElement } from './mass-incident.ts'

const rule = { minServices: 5, openShare: 0.4, closeShare: 0.15 }
const now = new Date('2026-11-20T20:00:00Z')

function issuesOf(count: number): IssueDocument[] {
  return Array.from({ length: count }, (_, index) => ({
    _id: `i${index}`,
    serviceId: `s${index}`,
    customerId: `c${index}`,
    elementId: 'olt-1',
    metric: 'loss',
    severity: index === 0 ? 'critical' : 'degraded',
    startedAt: new Date(now.getTime() - (index + 1) * 60_000),
    lastSeenAt: now,
    endedAt: null,
    flaps: 0,
    evidence: { value: 4, worst: 4, threshold: 3, side: 'above', ruleId: 'r', samples: 3, source: 'probe' },
    simulated: true,
  }))
}
const element = (bad: number, services: number) =>
  ({ kind: 'olt', id: 'olt-1', site: 'Roma Norte', services, troubles: issuesOf(bad) }) as const

describe('assessElement', () => {
  it.each([
    ['too few services although all are bad', 4, 4, false],
    ['enough services but a small share', 10, 60, false],
    ['enough services and share', 24, 60, true],
  ])('%s', (_name, bad, services, opens) => {
    expect(assessElement(rule, element(bad, services), undefined, now) !== undefined).toBe(opens)
  })

  it('counts a service with several issues once', () => {
    const twice = element(4, 10)
    const doubled = { ...twice, troubles: [...twice.troubles, ...twice.troubles] }
    expect(assessElement(rule, doubled, undefined, now)).toBeUndefined()
  })

  it('says where, since when, how many and how bad', () => {
    expect(assessElement(rule, element(24, 60), undefined, now)).toMatchObject({
      origin: 'detected',
      elementIds: ['olt-1'],
      site: 'Roma Norte',
      affected: 24,
      services: 60,
      severity: 'critical',
      endedAt: null,
      simulated: true,
      startedAt: new Date('2026-11-20T19:47:00Z'),
    })
  })

  it('stays between the two shares and ends below the lower', () => {
    const open = assessElement(rule, element(24, 60), undefined, now) as IncidentDocument
    expect(assessElement(rule, element(24, 60), open, now)).toBeUndefined()
    expect(assessElement(rule, element(12, 60), open, now)).toMatchObject({ affected: 12, endedAt: null })
    expect(assessElement(rule, element(8, 60), open, now)?.endedAt).toEqual(now)
  })

  it('gets worse with the services that it has, and does not ease while it lasts', () => {
    const eased = element(24, 60)
    const troubles = eased.troubles.map((trouble) => ({ ...trouble, severity: 'degraded' as const }))
    const open = assessElement(rule, { ...eased, troubles }, undefined, now) as IncidentDocument
    expect(open.severity).toBe('degraded')
    const worse = assessElement(rule, eased, open, now) as IncidentDocument
    expect(worse).toMatchObject({ severity: 'critical', affected: 24 })
    expect(assessElement(rule, { ...eased, troubles }, worse, now)).toBeUndefined()
  })

  it('gives way to one that network operations declared', () => {
    const open = assessElement(rule, element(24, 60), undefined, now) as IncidentDocument
    expect(assessElement(rule, element(24, 60), undefined, now, true)).toBeUndefined()
    expect(assessElement(rule, element(24, 60), open, now, true)?.endedAt).toEqual(now)
  })
})
