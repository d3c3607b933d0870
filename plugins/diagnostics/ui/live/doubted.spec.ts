import { doubted } from './doubted.ts'
import type { LiveService, LiveTile, TileState } from './types.ts'

const tile = (metric: string, state: TileState): LiveTile => ({
  metric,
  unit: 'dBm',
  state,
  messageId: `metric.${metric}.${state}`,
  value: -19,
  sparkline: [],
})
const shown = (state: TileState, causeId: string, element = 'olt-1') => {
  const service = {
    element: { kind: 'olt', id: 'olt-1', site: 'Cali' },
    tiles: [tile('opticalRx', state), tile('up', 'ok')],
  }
  return doubted(service as unknown as LiveService, [{ causeId, elementIds: [element] }]).tiles.map((one) => one.state)
}

it('does not tell light as good while the fibre is reported as cut', () => {
  expect(shown('ok', 'incident.cause.fibre-cut')).toEqual(['unjudged', 'ok'])
  expect(shown('critical', 'incident.cause.fibre-cut')).toEqual(['critical', 'ok'])
  expect(shown('stale', 'incident.cause.fibre-cut')).toEqual(['stale', 'ok'])
})

it('doubts nothing that the incident does not exclude, and no other place', () => {
  expect(shown('ok', 'incident.cause.backhaul-loss')).toEqual(['ok', 'ok'])
  expect(shown('ok', 'incident.cause.fibre-cut', 'olt-2')).toEqual(['ok', 'ok'])
})
