import type { Snapshot, SnapshotVersion } from '@dcesop/sdk-plugin/signing'
import { type Audience, type Barrier, barrierTo } from './listed.ts'

/** A version of a plugin as the believed state of the registry has it: known while the registry is away, too. */
export interface OfferedVersion {
  readonly plugin: string
  /** npm name. */
  readonly package: string
  readonly publisher: string
  readonly version: string
  readonly channel: string
  readonly yank: SnapshotVersion['yank'] | null
  readonly flags: readonly string[]
  /** Of the regions that were asked for, those that approved it. */
  readonly approvedIn: readonly string[]
  /** Why this instance may not have it; null when it may. */
  readonly barrier: Pick<Barrier, 'rule' | 'sentence'> | null
}

const pluginName = /^@([^/]+)\/dcesop-(.+)$/

/** @param regions whose approvals are told */
export function offeredVersions(
  snapshot: Snapshot,
  audienceOf: (plugin: string) => Audience,
  regions: readonly string[],
): readonly OfferedVersion[] {
  return Object.entries(snapshot.packages).flatMap(([name, siblings]) => {
    const [, publisher, plugin] = pluginName.exec(name) ?? []
    if (publisher === undefined || plugin === undefined) return []
    return Object.entries(siblings.versions).map(([version, release]) => ({
      plugin,
      package: name,
      publisher,
      version,
      channel: release.channel,
      yank: release.yank ?? null,
      flags: release.flags ?? [],
      approvedIn: regions.filter((region) => release.approvals?.[region] !== undefined),
      barrier: shown(barrierTo({ package: name, version, release, siblings }, audienceOf(plugin))),
    }))
  })
}

function shown(barrier: Barrier | undefined): OfferedVersion['barrier'] {
  return barrier ? { rule: barrier.rule, sentence: barrier.sentence } : null
}
