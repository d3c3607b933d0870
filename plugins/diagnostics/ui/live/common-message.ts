import type { LiveTile } from './types.ts'

/** Messages that say nothing of the single value. */
const general: ReadonlySet<string> = new Set(['metric.state.inactive', 'metric.state.stale', 'metric.state.unjudged'])

/** What is to be said of all that was measured of a service, so that it is said once and not in every row; `undefined` where rows differ. */
export function commonMessage(tiles: readonly Pick<LiveTile, 'messageId' | 'value'>[]): string | undefined {
  const said = tiles.filter(({ value }) => value !== undefined).map(({ messageId }) => messageId)
  const [first] = said
  return said.length > 1 && said.every((id) => id === first) && general.has(first ?? '') ? first : undefined
}
