import type { UnitRef } from '../feed/feed.ts'
import type { Incident } from './source.ts'

type Version = Pick<UnitRef, 'plugin' | 'version'>

/** Failures of plugins' versions in one session. Three within five minutes put a version in quarantine; another one may have mended it. */
export interface FailureLog {
  /** Notes a failure and tells whether the version is in quarantine now. */
  record(version: Version, phase: Incident['phase']): boolean
  quarantined(version: Version): boolean
  /** How the version failed the last time; undefined when it never did. */
  lastOf(version: Version): Incident['phase'] | undefined
}

export function createFailureLog(now: () => number, limit = 3, windowMs = 5 * 60_000): FailureLog {
  const times = new Map<string, readonly number[]>()
  const last = new Map<string, Incident['phase']>()
  const quarantine = new Set<string>()
  const keyOf = ({ plugin, version }: Version) => `${plugin} ${version}`
  return {
    record(version, phase) {
      const key = keyOf(version)
      const recent = [...(times.get(key) ?? []).filter((at) => now() - at < windowMs), now()]
      times.set(key, recent)
      last.set(key, phase)
      if (recent.length >= limit) quarantine.add(key)
      return quarantine.has(key)
    },
    quarantined: (version) => quarantine.has(keyOf(version)),
    lastOf: (version) => last.get(keyOf(version)),
  }
}
