import { applyIncident, applyMessages, changesState } from './merge.ts'
import type { LiveIncident, LiveIssue, LiveView } from './types.ts'

const at = '2026-03-01T12:00:00Z'
const later = '2026-03-01T12:00:05Z'

function view(): LiveView {
  return {
    region: 'br',
    customerId: 'c1',
    at,
    staleAfterSeconds: 1800,
    incidents: [],
    health: { state: 'ok', messageId: 'health.ok', parts: [] },
    services: [
      {
        id: 's1',
        label: 'Line',
        technology: 'mobile',
        status: 'active',
        plan: { id: 'p', name: 'Plan' },
        element: { kind: 'cell', id: 'cell-1', site: 'Centro' },
        timeZone: 'America/Sao_Paulo',
        simulated: true,
        tiles: [
          {
            metric: 'rsrp',
            unit: 'dBm',
            state: 'ok',
            messageId: 'm',
            value: -90,
            at,
            simulated: true,
            sparkline: [[Date.parse(at), -90]],
          },
        ],
        issues: [],
      },
    ],
  }
}

const sample = (value: number, time: string, state: 'ok' | 'critical' = 'ok') =>
  ({
    type: 'sample',
    serviceId: 's1',
    tiles: [{ metric: 'rsrp', state, messageId: 'm', value, at: time, simulated: false }],
  }) as const

const issue = { id: 'i1', serviceId: 's1', metric: 'rsrp', endedAt: null } as LiveIssue

describe('applyMessages', () => {
  it('puts a pushed value on its tile, on its line, and says whether it is simulated', () => {
    const service = applyMessages(view(), [sample(-101, later)]).services[0]
    expect(service?.tiles[0]).toMatchObject({ value: -101, at: later })
    expect(service?.tiles[0]?.sparkline).toEqual([
      [Date.parse(at), -90],
      [Date.parse(later), -101],
    ])
    expect(service?.simulated).toBe(false)
  })

  it('ignores a value that is older than the one shown, and other services', () => {
    const before = view()
    expect(applyMessages(before, [sample(-50, '2026-03-01T11:59:00Z')])).toEqual(before)
    expect(applyMessages(before, [{ ...sample(-50, later), serviceId: 's2' }])).toEqual(before)
  })

  it('shows an issue while it is open, once', () => {
    const open = applyMessages(view(), [
      { type: 'issue', issue },
      { type: 'issue', issue },
    ])
    expect(open.services[0]?.issues).toEqual([issue])
    const ended = applyMessages(open, [{ type: 'issue', issue: { ...issue, endedAt: later } }])
    expect(ended.services[0]?.issues).toEqual([])
  })
})

describe('changesState', () => {
  it('is true when a level or an issue changed, so that the verdict is asked again', () => {
    expect(changesState(view(), sample(-91, later))).toBe(false)
    expect(changesState(view(), sample(-120, later, 'critical'))).toBe(true)
    expect(changesState(view(), { type: 'issue', issue })).toBe(true)
  })
})

describe('applyIncident', () => {
  it('replaces, adds and removes', () => {
    const incident = { id: 'x', endedAt: null, affected: 1 } as LiveIncident
    const added = applyIncident([], incident)
    const changed = applyIncident(added, { ...incident, affected: 9 })
    expect([added.length, changed.length, changed[0]?.affected]).toEqual([1, 1, 9])
    expect(applyIncident(changed, { ...incident, endedAt: later })).toEqual([])
  })
})
