import { notFound, Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import type { VersionWish } from '../journal/desired.ts'
import { because } from '../journal/reasons.ts'
import type { Turns } from './seen.ts'
import { withRegion } from './lanes.ts'
import { enabledOf, type Installed, keyOf } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import { changeRegion } from './regional.ts'
import { isIn, requireKnownChannel } from './wish.ts'

export interface WantRequest {
  /** The regions without a state of their own when left out. */
  readonly region?: string | undefined
  /** The version moves only when somebody asks, when left out. */
  readonly range?: string | undefined
  /** The instance's when left out. */
  readonly channel?: string | undefined
  readonly pinned?: boolean | undefined
  readonly reason: string
}

/**
 * Sets which versions of a plugin are wanted; what serves stays. A region that is to differ from the rest in this gets a state of
 * its own with the version that it has.
 * @throws Problem 400 for no range or channel, 404, 409 `plugin_disabled`, `plugin_canary_running`, or `plugin_out_of_range` when it has no
 * version of the range
 */
export async function want(
  parts: LifecycleParts,
  exclusive: Turns,
  plugin: string,
  { region, range, channel, pinned, reason }: WantRequest,
): Promise<void> {
  if (range !== undefined && semver.validRange(range) === null)
    throw new Problem(400, 'invalid_request', `"${range}" is no range of versions, as ^1.2.0 or ~1.2.0 is one.`)
  requireKnownChannel(channel, parts.channels())
  if (region !== undefined && !parts.ports.data.regions.includes(region)) throw notFound()
  await exclusive.run(plugin, async (token) => {
    const installed = await enabledOf(parts, plugin)
    const { desired } = installed
    if (desired.pending?.canary) {
      const detail = `Version ${desired.pending.to.version} of "${plugin}" is served as a canary. Promote it or roll it back first.`
      throw new Problem(409, 'plugin_canary_running', detail)
    }
    const { version } = (region === undefined ? undefined : desired.regions?.[region]?.generation) ?? desired
    if (range !== undefined && !isIn(version, range)) {
      const detail = `Plugin "${plugin}" has version ${version}, which is not in ${range}.`
      throw new Problem(409, 'plugin_out_of_range', detail, { extensions: { range, version } })
    }
    const wish: VersionWish = {
      ...(range === undefined ? {} : { range }),
      ...(channel === undefined ? {} : { channel }),
      ...(pinned ? { pinned: { reason, since: parts.clock.now() } } : {}),
    }
    if (region !== undefined) return wantIn(parts, installed, region, wish, token)
    await parts.desired.put({ ...withoutWish(desired), ...wish }, token)
  })
}

async function wantIn(
  parts: LifecycleParts,
  { slot, desired }: Installed,
  region: string,
  wish: VersionWish,
  token: number,
): Promise<void> {
  const before = desired.regions?.[region]
  if (before?.enabled === false)
    throw new Problem(409, 'plugin_disabled', `Plugin "${slot.id}" is disabled in ${region}.`)
  const kept = before ? withoutWish(before) : { since: parts.clock.now() }
  const own = { ...kept, ...wish, enabled: true, generation: before?.generation ?? keyOf(desired) }
  const next = withRegion(desired, region, own)
  const leaves = (next.regions?.[region] !== undefined) !== (before !== undefined)
  if (!leaves) return parts.desired.put(next, token)
  await changeRegion(parts, { slot, desired, region, own, why: because('versions_wanted') }, token)
}

function withoutWish<State extends VersionWish>({ range: _, channel: __, skipped: ___, pinned: ____, ...rest }: State) {
  return rest
}
