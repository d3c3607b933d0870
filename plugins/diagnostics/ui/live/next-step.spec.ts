import { nextStep } from './next-step.ts'
import type { HealthPart, LiveIncident, LiveService, LiveView, TileState } from './types.ts'

const services = [{ id: 's1' }, { id: 's2' }] as LiveService[]
const part = (name: HealthPart['part'], state: TileState, serviceId?: string): HealthPart => ({
  part: name,
  state,
  messageId: 'x',
  ...(serviceId && { serviceId }),
})
const view = (state: TileState, parts: HealthPart[], incidents: LiveIncident[] = []): LiveView => ({
  region: 'mx',
  customerId: 'c',
  at: '',
  staleAfterSeconds: 60,
  incidents,
  health: { state, messageId: 'x', parts },
  services,
})

describe('the next step', () => {
  it.each<[string, LiveView, string, string | undefined]>([
    [
      'an incident comes first',
      view('critical', [part('network', 'critical', 's2')], [{} as LiveIncident]),
      'incident',
      undefined,
    ],
    [
      'the incident will end, and the line stays off',
      view('critical', [{ ...part('billing', 'critical'), messageId: 'health.billing.overdue' }], [{} as LiveIncident]),
      'incidentUnpaid',
      undefined,
    ],
    ['nothing is wrong', view('ok', [part('network', 'ok')]), 'ok', undefined],
    [
      'payment is overdue',
      view('critical', [part('network', 'unknown'), part('billing', 'critical')]),
      'billing',
      undefined,
    ],
    [
      'the allowance is used up',
      view('degraded', [part('network', 'ok'), part('usage', 'degraded')]),
      'usage',
      undefined,
    ],
    [
      'a line is bad',
      view('critical', [part('network', 'critical', 's2'), part('usage', 'degraded')]),
      'diagnose',
      's2',
    ],
    ['nobody measures', view('unknown', [part('network', 'unknown')]), 'diagnose', 's1'],
    ['the counter did not come', view('unknown', [part('usage', 'unknown')]), 'diagnose', 's1'],
  ])('%s', (_what, live, step, service) => {
    const { messageId, service: found } = nextStep(live)
    expect([messageId, found?.id]).toEqual([`ui.next.${step}`, service])
  })
})
