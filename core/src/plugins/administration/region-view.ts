import type { DesiredState, VersionWish } from '../journal/desired.ts'
import { wantedIn } from '../lifecycle/lanes.ts'
import type { Slot } from '../lifecycle/slot.ts'
import { wishOf } from '../lifecycle/wish.ts'
import { isOpen, type Waiting, type WaitingHere } from '../registry/waiting-versions.ts'

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

/** What of a range waits for somebody, as long as that is wanted. @param region one with a state of its own */
export function waitingView(all: readonly WaitingHere[], desired: DesiredState, region?: string): Waiting | null {
  const current = region === undefined ? desired : wantedIn(desired, region)
  const found = all.find((one) => one.plugin === desired.plugin && one.region === region)
  if (!found || !current || !isOpen(found, wishOf(desired, region), current)) return null
  const { version, code, detail, extensions } = found
  return { version, code, detail, extensions }
}

/** Which versions are wanted; no range where the version moves when somebody asks, and no channel where it is the instance's. */
export function wishView({ range, channel, pinned }: VersionWish) {
  return {
    range: range ?? null,
    channel: channel ?? null,
    pinned: pinned ? { reason: pinned.reason, since: pinned.since.toISOString() } : null,
  }
}
