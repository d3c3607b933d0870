import semver from 'semver'
import type { OfferedVersion, StoredVersion } from '../api/types.ts'

/** A version that is here or that the registry has. */
export interface VersionRow {
  readonly version: string
  /** In this host's store, from where; null when only the registry has it. */
  readonly stored: StoredVersion | null
  readonly offered: OfferedVersion | null
}

/** Newest first. */
export function versionRows(stored: readonly StoredVersion[], offered: readonly OfferedVersion[]): VersionRow[] {
  const versions = new Set([...stored, ...offered].map(({ version }) => version))
  return [...versions].sort(semver.rcompare).map((version) => ({
    version,
    stored: stored.find((one) => one.version === version) ?? null,
    offered: offered.find((one) => one.version === version) ?? null,
  }))
}
