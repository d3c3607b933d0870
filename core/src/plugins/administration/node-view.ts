import { type NodeRow, observedIn } from '../hosts/nodes.ts'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { wantedIn } from '../lifecycle/lanes.ts'
import { sameGeneration } from '../lifecycle/lookup.ts'

/** What a host runs, and whether that is something else than what is wanted, in any region. */
export function nodeView({ node, at, observed }: NodeRow, desired: DesiredState, regions: readonly string[]) {
  const here = observed[desired.plugin] ?? {}
  const { main, canary, failed } = here
  return {
    node,
    at: at.toISOString(),
    version: main?.version ?? null,
    canary: canary?.version ?? null,
    failed: failed?.reason ?? null,
    causes: failed?.causes ?? [],
    skew: regions.some((region) => !isSame(wantedIn(desired, region), observedIn(here, region))),
  }
}

function isSame(a: GenerationKey | undefined, b: GenerationKey | undefined): boolean {
  return a && b ? sameGeneration(a, b) : a === b
}
