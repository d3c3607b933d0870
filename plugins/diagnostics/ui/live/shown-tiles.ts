import type { LiveService, LiveTile } from './types.ts'

/**
 * The tiles that are shown, and those that are only named. Of a suspended service nothing is going to come, so what nothing measured
 * is no tile; elsewhere it keeps its place for what arrives.
 */
export function shownTiles({ status, tiles }: Pick<LiveService, 'status' | 'tiles'>): {
  readonly shown: readonly LiveTile[]
  readonly missing: readonly LiveTile[]
} {
  const isMissing = ({ value }: LiveTile) => status === 'suspended' && value === undefined
  return { shown: tiles.filter((tile) => !isMissing(tile)), missing: tiles.filter(isMissing) }
}
