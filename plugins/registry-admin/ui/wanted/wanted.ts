import type { PluginAnswer, Waiting, Wish } from '../api/host-answers.ts'

/** Which versions are wanted in one place: the regions that have no state of their own, or one that has. */
export interface WantedRow {
  /** Null for the regions without a state of their own. */
  readonly region: string | null
  readonly version: string
  readonly wish: Wish
  readonly waiting: Waiting | null
}

/** How a version may move, as somebody chooses it. */
export type Way = 'fixed' | 'patch' | 'minor' | 'own'

export interface WishChoice {
  readonly way: Way
  /** What is written where the way is `own`. */
  readonly range: string
  readonly pinned: boolean
  /** Empty for the instance's. */
  readonly channel: string
}

/** Of a host of before there is none. */
export function wantedRows({ version, desired, regions }: PluginAnswer): WantedRow[] {
  if (desired?.range === undefined) return []
  const { range, pinned = null, channel = null, waiting = null } = desired
  const own = regions
    .filter(({ differs, enabled }) => differs && enabled)
    .map((one): WantedRow => ({
      region: one.region,
      version: one.version ?? version,
      wish: { range: one.range ?? null, pinned: one.pinned ?? null, channel: one.channel ?? null },
      waiting: one.waiting ?? null,
    }))
  return [{ region: null, version, wish: { range, pinned, channel }, waiting }, ...own]
}

/** Message id of the regions without a state of their own. */
export const restId = (rows: readonly WantedRow[]): string => (rows.length > 1 ? 'wanted.others' : 'wanted.everywhere')

export function choiceOf({ version, wish: { range, pinned, channel } }: WantedRow): WishChoice {
  const way =
    range === null ? 'fixed' : ((['patch', 'minor'] as const).find((one) => rangeOf(one, version) === range) ?? 'own')
  return { way, range: way === 'own' ? (range ?? '') : '', pinned: pinned !== null, channel: channel ?? '' }
}

/** The range that a way means for a version; null where it moves only when somebody asks. */
export function rangeOf(way: Way, version: string, written = ''): string | null {
  if (way === 'own') return written.trim()
  if (way === 'fixed') return null
  return way === 'patch' ? `~${version}` : `^${version}`
}

/** A range as it was set keeps its beginning while versions move on within it. */
export function wantBody(row: WantedRow, { way, range: written, pinned, channel }: WishChoice, reason: string): object {
  const range = rangeOf(way, row.version, written)
  return {
    ...(row.region === null ? {} : { region: row.region }),
    ...(range === null ? {} : { range }),
    ...(channel === '' ? {} : { channel }),
    ...(pinned ? { pinned } : {}),
    reason: reason.trim(),
  }
}
