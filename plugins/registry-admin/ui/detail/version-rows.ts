import semver from 'semver'
import type { StoredVersion } from '../api/host-answers.ts'
import type { OfferedVersion } from '../api/registry-answers.ts'
import { type Contents, contentsOf } from '../text/contents.ts'

/** A version that is here or that the registry has. */
export interface VersionRow {
  readonly version: string
  /** In this host's store, from where; null when only the registry has it. */
  readonly stored: StoredVersion | null
  readonly offered: OfferedVersion | null
  readonly contents: Contents
}

/** Newest first. */
export function versionRows(stored: readonly StoredVersion[], offered: readonly OfferedVersion[]): VersionRow[] {
  const versions = new Set([...stored, ...offered].map(({ version }) => version))
  return [...versions].sort(semver.rcompare).map((version) => {
    const here = stored.find((one) => one.version === version) ?? null
    const there = offered.find((one) => one.version === version) ?? null
    return { version, stored: here, offered: there, contents: contentsOf(here, there) }
  })
}
