import type { LiveTile } from './types.ts'

/** When and by whom most of a service's metrics were measured last: told once, and of a tile only where it differs. */
export interface Provenance {
  readonly at: string
  readonly source: string | undefined
}

/** Measured within this time of one another is measured together. */
const togetherMs = 60_000

type Measured = Pick<LiveTile, 'at' | 'source'>

/** The newest measurement of a service; `undefined` when nothing was measured. */
export function newest(tiles: readonly Measured[]): Provenance | undefined {
  const at = (tile: Measured) => (tile.at === undefined ? -Infinity : Date.parse(tile.at))
  const last = tiles.toSorted((a, b) => at(b) - at(a))[0]
  return last?.at === undefined ? undefined : { at: last.at, source: last.source }
}

/** Whether a tile says itself when and by whom it was measured, since what is told of the service does not hold for it. */
export function differs(tile: Measured, common: Provenance | undefined): boolean {
  if (tile.at === undefined || common === undefined) return false
  return tile.source !== common.source || Date.parse(common.at) - Date.parse(tile.at) > togetherMs
}

/** Whether all that was measured of a service is simulated: then it is said once. */
export function isSimulated(tiles: readonly Pick<LiveTile, 'at' | 'simulated'>[]): boolean {
  const known = tiles.filter(({ at }) => at !== undefined)
  return known.length > 0 && known.every(({ simulated }) => simulated === true)
}
