import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import type { DesiredState, PendingChange, VersionWish } from '../journal/desired.ts'

/** How versions are wanted in a region with a state of its own, or in those without one. */
export function wishOf(desired: DesiredState, region?: string): VersionWish {
  const own = region === undefined ? undefined : desired.regions?.[region]
  const { range, channel, skipped, pinned } = own ?? desired
  return {
    ...(range && { range }),
    ...(channel && { channel }),
    ...(skipped && { skipped }),
    ...(pinned && { pinned }),
  }
}

/** What a change leaves of a wish. @param left the version that the change leaves */
export function wishAfter(wish: VersionWish, verb: PendingChange['verb'], left: string): VersionWish {
  const { range, channel, skipped, pinned } = wish
  const kept = { ...(range && { range }), ...(channel && { channel }), ...(pinned && { pinned }) }
  if (verb === 'upgrade' || range === undefined) return kept
  // Otherwise the host would go on at once to where somebody came back from.
  if (verb === 'rollback') return { ...kept, skipped: left }
  return { ...kept, ...(skipped && { skipped }) }
}

/** @param known channels of the registry @throws Problem 400 */
export function requireKnownChannel(channel: string | undefined, known: readonly string[]): void {
  if (channel === undefined || known.includes(channel)) return
  const there = known.length === 0 ? 'none, since there is no registry' : known.join(', ')
  throw new Problem(400, 'invalid_request', `There is no channel "${channel}" (there are: ${there}).`)
}

/** @throws Problem 409 `plugin_pinned`, or `plugin_out_of_range` for a version that is not among those that are wanted */
export function requireMovable(plugin: string, { pinned, range }: VersionWish, version: string, region?: string): void {
  const where = region === undefined ? '' : ` in ${region}`
  if (pinned) {
    const detail = `Plugin "${plugin}" is pinned to its version${where}: ${pinned.reason}`
    throw new Problem(409, 'plugin_pinned', detail, { extensions: { since: pinned.since.toISOString() } })
  }
  if (range === undefined || isIn(version, range)) return
  const detail = `Of "${plugin}" versions ${range} are wanted${where}, and ${version} is none of them.`
  throw new Problem(409, 'plugin_out_of_range', detail, { extensions: { range, version } })
}

/** @param prereleases whether those count that npm leaves out of a range: of an installation that follows the channel `next` */
export function isIn(version: string, range: string, prereleases = true): boolean {
  return semver.satisfies(version, range, { includePrerelease: prereleases })
}
