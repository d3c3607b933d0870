import type { ToldReason } from '@dcesop/sdk-plugin/ui'
import semver from 'semver'
import { type Contents, contentsOf } from '../text/contents.ts'
import { titleOf } from '../text/title.ts'
import type { Finding, ListAnswer, RegionState, StoredVersion } from '../api/host-answers.ts'
import type { OfferedVersion, ReleasesAnswer } from '../api/registry-answers.ts'

/** The newest version that can be installed: from the store, or from the registry. */
export interface NewerVersion {
  readonly version: string
  readonly source: 'store' | 'registry'
  readonly channel: string | null
}

/** One line of the list. */
export interface PluginRow {
  readonly id: string
  /** Its name in the person's language; the id of one that has none, or is not installed. */
  readonly title: string
  readonly owner: string | null
  /** Null when it is offered, and not installed. */
  readonly version: string | null
  /** In the journal's words; `OFFERED` when it is not installed. */
  readonly state: string
  readonly since: string | null
  /** Null where it is not installed, or nothing was said. */
  readonly why: ToldReason | null
  readonly regions: readonly RegionState[]
  readonly newer: NewerVersion | null
  /** A still newer one that cannot be installed yet. */
  readonly waiting: string | null
  /** Of what is not installed and not in the channel of the instance: a version that can be had from another. */
  readonly elsewhere: NewerVersion | null
  readonly finding: Finding | null
  readonly incidents: number
  /** Share of the requests that failed lately; null where there were none. */
  readonly failed: number | null
  /** Version on trial. */
  readonly canary: { readonly version: string; readonly percent: number | null } | null
  /** Of the version that runs, or that could be installed; null where only the registry has it. */
  readonly package: StoredVersion | null
  /** Of the same version. */
  readonly contents: Contents
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
  locale: string,
): PluginRow[] {
  const installed = plugins.map((plugin): PluginRow => ({
    id: plugin.id,
    title: titleOf(plugin, locale),
    owner: plugin.owner ?? null,
    version: plugin.version,
    state: plugin.enabled || plugin.state === 'QUARANTINED' ? plugin.state : 'DISABLED',
    since: plugin.since,
    why: plugin.reason ? { reason: plugin.reason, causes: plugin.causes ?? [] } : null,
    regions: plugin.regions ?? [],
    ...successors(plugin.id, plugin.version, packages, offer),
    finding: plugin.finding ?? null,
    incidents: plugin.uiIncidents?.lastHour ?? 0,
    failed: plugin.health && plugin.health.requests > 0 ? plugin.health.errorRatio : null,
    canary: plugin.canary ? { version: plugin.canary.version, percent: plugin.canary.percent ?? null } : null,
    package: plugin.package ?? null,
    contents: contentsOf(plugin.package, offeredOf(offer, plugin.id, plugin.version)),
  }))
  const known = new Set(plugins.map(({ id }) => id))
  const others = new Map(offer.releases.map(({ plugin, publisher }) => [plugin, publisher]))
  for (const { id } of packages) if (!others.has(id)) others.set(id, '')
  const offered = [...others]
    .filter(([id]) => !known.has(id))
    .flatMap(([id, publisher]): PluginRow[] => {
      const next = successors(id, null, packages, offer)
      const version = next.newer?.version ?? next.waiting ?? next.elsewhere?.version ?? null
      if (version === null) return []
      const stored = packages.find((one) => one.id === id && one.version === version) ?? null
      const contents = contentsOf(stored, offeredOf(offer, id, version))
      const owner = publisher === '' ? null : publisher
      return [{ ...offeredRow(id, owner, next), package: stored, contents }]
    })
  return [...installed, ...offered].sort((left, right) => left.id.localeCompare(right.id))
}

/** Above it too many requests fail. */
const mostFailed = 0.02

export const failsTooOften = ({ failed }: Pick<PluginRow, 'failed'>): boolean => failed !== null && failed > mostFailed

/** Whether somebody should look: something failed, is spoken against, is on trial, or breaks in browsers. */
export function needsAttention(row: PluginRow): boolean {
  const { state, finding, incidents, canary } = row
  const bad = ['FAILED', 'QUARANTINED', 'DEGRADED', 'REJECTED'].includes(state)
  return bad || finding !== null || incidents > 0 || canary !== null || failsTooOften(row)
}

export function filtered(rows: readonly PluginRow[], { search, state, region }: Filter): PluginRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    const about = `${row.id} ${row.title} ${row.owner ?? ''}`.toLowerCase()
    if (!words.every((word) => about.includes(word))) return false
    if (region !== '' && !row.regions.some((one) => one.region === region && one.serving !== null)) return false
    return isIn(row, state)
  })
}

function isIn(row: PluginRow, state: StateFilter): boolean {
  if (state === 'attention') return needsAttention(row)
  if (state === 'running') return row.state === 'ACTIVE' || row.state === 'DEGRADED'
  if (state === 'off') return row.version !== null && row.state !== 'ACTIVE' && row.state !== 'DEGRADED'
  if (state === 'newer') return row.version !== null && (row.newer !== null || row.waiting !== null)
  return state === 'all' || row.state === 'OFFERED'
}

function offeredOf({ releases }: ReleasesAnswer, plugin: string, version: string): OfferedVersion | undefined {
  return releases.find((one) => one.plugin === plugin && one.version === version)
}

function offeredRow(id: string, owner: string | null, next: Successors): Omit<PluginRow, 'package' | 'contents'> {
  return {
    id,
    title: id,
    owner,
    version: null,
    state: 'OFFERED',
    since: null,
    why: null,
    regions: [],
    ...next,
    finding: null,
    incidents: 0,
    failed: null,
    canary: null,
  }
}

/** Who vouches for the bytes: the registry's signatures, the release of the platform, or only the person who uploaded them. */
export function signatureOf(row: PluginRow): 'verified' | 'release' | 'uploaded' | 'atInstall' | 'unknown' {
  const { package: stored, version } = row
  if (stored?.evidence) return 'verified'
  if (stored) return stored.source === 'bundled' ? 'release' : 'uploaded'
  // Of what is not here yet the signatures are verified before anything of it runs.
  return version === null ? 'atInstall' : 'unknown'
}

export type Successors = Pick<PluginRow, 'newer' | 'waiting' | 'elsewhere'>

/**
 * What could follow a version. What is yanked, flagged, or of a channel that is not followed is no successor; what waits for an
 * approval will be one.
 * @param than null for any version
 */
export function successors(
  plugin: string,
  than: string | null,
  packages: ListAnswer['packages'],
  { releases }: ReleasesAnswer,
): Successors {
  const later = <T extends { readonly version: string }>(all: readonly T[]): T | undefined =>
    all
      .filter(({ version }) => than === null || semver.gt(version, than))
      .sort((left, right) => semver.rcompare(left.version, right.version))[0]
  const own = releases.filter((one) => one.plugin === plugin)
  const barredBy = (rule: string | undefined) =>
    own
      .filter(({ barrier }) => barrier?.rule === rule)
      .map(({ version, channel }): NewerVersion => ({ version, source: 'registry', channel }))
  const stored = packages
    .filter(({ id, version }) => id === plugin && !own.some((one) => one.version === version))
    .map(({ version }): NewerVersion => ({ version, source: 'store', channel: null }))
  const newer = later([...stored, ...barredBy(undefined)]) ?? null
  const unapproved = later(barredBy('unapproved'))?.version ?? null
  const isLater = unapproved !== null && (newer === null || semver.gt(unapproved, newer.version))
  const isAlone = than === null && newer === null && unapproved === null
  return {
    newer,
    waiting: isLater ? unapproved : null,
    elsewhere: (isAlone ? later(barredBy('channel')) : undefined) ?? null,
  }
}
