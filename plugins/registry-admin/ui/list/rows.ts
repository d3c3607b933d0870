import semver from 'semver'
import type { Finding, ListAnswer, OfferedVersion, RegionState, ReleasesAnswer } from '../api/types.ts'

/** The newest version that could follow: what is in the store, and what the registry offers or has people decide about. */
export interface NewerVersion {
  readonly version: string
  readonly source: 'store' | 'registry'
  readonly channel: string | null
  /** Why it may not be installed now, for example for want of an approval. */
  readonly barrier: OfferedVersion['barrier']
}

/** One line of the list. */
export interface PluginRow {
  readonly id: string
  readonly owner: string | null
  /** Null when it is offered, and not installed. */
  readonly version: string | null
  /** In the journal's words; `OFFERED` when it is not installed. */
  readonly state: string
  readonly since: string | null
  readonly reason: string | null
  readonly regions: readonly RegionState[]
  readonly newer: NewerVersion | null
  readonly finding: Finding | null
  readonly incidents: number
  /** Version on trial. */
  readonly canary: string | null
}

export type StateFilter = 'all' | 'attention' | 'running' | 'off' | 'newer' | 'offered'

export interface Filter {
  readonly search: string
  readonly state: StateFilter
  /** Empty for any. */
  readonly region: string
}

export function rowsOf(
  { plugins, packages }: Pick<ListAnswer, 'plugins' | 'packages'>,
  offer: ReleasesAnswer,
): PluginRow[] {
  const installed = plugins.map((plugin): PluginRow => ({
    id: plugin.id,
    owner: plugin.owner ?? null,
    version: plugin.version,
    state: plugin.enabled || plugin.state === 'QUARANTINED' ? plugin.state : 'DISABLED',
    since: plugin.since,
    reason: plugin.reason ?? null,
    regions: plugin.regions ?? [],
    newer: newest(plugin.id, plugin.version, packages, offer),
    finding: plugin.finding ?? null,
    incidents: plugin.uiIncidents?.lastHour ?? 0,
    canary: plugin.canary?.version ?? null,
  }))
  const known = new Set(plugins.map(({ id }) => id))
  const others = new Map(offer.releases.map(({ plugin, publisher }) => [plugin, publisher]))
  for (const { id } of packages) if (!others.has(id)) others.set(id, '')
  const offered = [...others]
    .filter(([id]) => !known.has(id))
    .flatMap(([id, publisher]): PluginRow[] => {
      const newer = newest(id, null, packages, offer)
      return newer ? [offeredRow(id, publisher === '' ? null : publisher, newer)] : []
    })
  return [...installed, ...offered].sort((left, right) => left.id.localeCompare(right.id))
}

/** Whether somebody should look: something failed, is spoken against, is on trial, or breaks in browsers. */
export function needsAttention({ state, finding, incidents, canary }: PluginRow): boolean {
  const bad = ['FAILED', 'QUARANTINED', 'DEGRADED', 'REJECTED'].includes(state)
  return bad || finding !== null || incidents > 0 || canary !== null
}

export function filtered(rows: readonly PluginRow[], { search, state, region }: Filter): PluginRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    const about = `${row.id} ${row.owner ?? ''}`.toLowerCase()
    if (!words.every((word) => about.includes(word))) return false
    if (region !== '' && !row.regions.some((one) => one.region === region && one.serving !== null)) return false
    return isIn(row, state)
  })
}

function isIn(row: PluginRow, state: StateFilter): boolean {
  if (state === 'attention') return needsAttention(row)
  if (state === 'running') return row.state === 'ACTIVE' || row.state === 'DEGRADED'
  if (state === 'off') return row.version !== null && row.state !== 'ACTIVE' && row.state !== 'DEGRADED'
  if (state === 'newer') return row.version !== null && row.newer !== null
  return state === 'all' || row.state === 'OFFERED'
}

function offeredRow(id: string, owner: string | null, newer: NewerVersion): PluginRow {
  return {
    id,
    owner,
    version: null,
    state: 'OFFERED',
    since: null,
    reason: null,
    regions: [],
    newer,
    finding: null,
    incidents: 0,
    canary: null,
  }
}

/** What is yanked, flagged, or of a channel that is not followed is no successor; what waits for an approval will be one. */
export function newest(
  plugin: string,
  than: string | null,
  packages: ListAnswer['packages'],
  { releases }: ReleasesAnswer,
): NewerVersion | null {
  const offered = releases
    .filter((one) => one.plugin === plugin && (one.barrier === null || one.barrier.rule === 'unapproved'))
    .map(({ version, channel, barrier }): NewerVersion => ({ version, source: 'registry', channel, barrier }))
  const stored = packages
    .filter(({ id, version }) => id === plugin && !offered.some((one) => one.version === version))
    .map(({ version }): NewerVersion => ({ version, source: 'store', channel: null, barrier: null }))
  const found = [...stored, ...offered].filter(({ version }) => than === null || semver.gt(version, than))
  return found.sort((left, right) => semver.rcompare(left.version, right.version))[0] ?? null
}
