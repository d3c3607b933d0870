import type { Incident } from './source.ts'

/** Failures of plugins within this page's life. Three within five minutes put a plugin in quarantine for the session. */
export interface FailureLog {
  /** Notes a failure and tells whether the plugin is in quarantine now. */
  record(plugin: string, phase: Incident['phase']): boolean
  quarantined(plugin: string): boolean
  /** How the plugin failed the last time; undefined when it never did. */
  lastOf(plugin: string): Incident['phase'] | undefined
}

export function createFailureLog(now: () => number, limit = 3, windowMs = 5 * 60_000): FailureLog {
  const times = new Map<string, readonly number[]>()
  const last = new Map<string, Incident['phase']>()
  const quarantine = new Set<string>()
  return {
    record(plugin, phase) {
      const recent = [...(times.get(plugin) ?? []).filter((at) => now() - at < windowMs), now()]
      times.set(plugin, recent)
      last.set(plugin, phase)
      if (recent.length >= limit) quarantine.add(plugin)
      return quarantine.has(plugin)
    },
    quarantined: (plugin) => quarantine.has(plugin),
    lastOf: (plugin) => last.get(plugin),
  }
}
