import type { DesiredState, VersionWish } from '../journal/desired.ts'
import { wantedIn } from '../lifecycle/lanes.ts'
import type { Slot } from '../lifecycle/slot.ts'
import { wishOf } from '../lifecycle/wish.ts'

/** What is wanted in a region, and what serves there. */
export function regionView(region: string, desired: DesiredState, slot: Slot | undefined) {
  const wanted = wantedIn(desired, region)
  return {
    region,
    enabled: wanted !== undefined,
    version: wanted?.version ?? null,
    serving: slot?.servingIn(region)?.generation.key.version ?? null,
    differs: desired.regions?.[region] !== undefined,
    previous: desired.regions?.[region]?.previous?.version ?? null,
    ...wishView(wishOf(desired, region)),
  }
}

/** Which versions are wanted; null for both where the version moves when somebody asks. */
export function wishView({ range, pinned }: VersionWish) {
  return { range: range ?? null, pinned: pinned ? { reason: pinned.reason, since: pinned.since.toISOString() } : null }
}
