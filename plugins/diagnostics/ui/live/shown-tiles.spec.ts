import { shownTiles } from './shown-tiles.ts'
import type { LiveTile } from './types.ts'

const tile = (metric: string, value?: number): LiveTile => ({
  metric,
  unit: 'ms',
  state: value === undefined ? 'unknown' : 'ok',
  messageId: 'x',
  sparkline: [],
  ...(value !== undefined && { value }),
})
const names = (status: string) => {
  const { shown, missing } = shownTiles({ status, tiles: [tile('latency', 0), tile('loss')] })
  return [shown, missing].map((tiles) => tiles.map(({ metric }) => metric))
}

it('keeps the place of what is to come, and only names it where nothing will', () => {
  expect(names('active')).toEqual([['latency', 'loss'], []])
  expect(names('suspended')).toEqual([['latency'], ['loss']])
})
