import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import semver from 'semver'
import type { Database } from '../../storage/database.ts'
import type { Check, Finding, Judged } from '../check.ts'

/** What others may rely on must not go away without a new major version (below 1.0.0: a new minor one). */
export function compatibilityCheck(database: Database): Check<Judged> {
  return {
    id: 'compatibility',
    async run({ submission: { name, version }, facts: { plugin } }): Promise<Finding[]> {
      if (plugin === null) return []
      const former = await formerVersion(database, name, version)
      if (!former || mayBreak(former.version, version)) return []
      const kept = new Set(promises(JSON.parse(plugin) as PluginManifest))
      return promises(former.manifest)
        .filter((promise) => !kept.has(promise))
        .map((promise) => ({
          rule: 'compatibility-removed',
          evidence: `${former.version} has the ${promise}, which ${version} has not.`,
          fix: `Keep it, or publish as ${semver.inc(former.version, semver.major(former.version) === 0 ? 'minor' : 'major')}.`,
        }))
    },
  }
}

async function formerVersion(database: Database, name: string, version: string) {
  const published = await database.versions
    .find({ package: name, plugin: { $type: 'string' } }, { projection: { version: 1 } })
    .toArray()
  const older = published.map((entry) => entry.version).filter((other) => semver.lt(other, version))
  const [latest] = semver.rsort(older.filter((other) => semver.prerelease(other) === null))
  const found = latest === undefined ? null : await database.versions.findOne({ _id: `${name}@${latest}` })
  return found?.plugin ? { version: found.version, manifest: JSON.parse(found.plugin) as PluginManifest } : undefined
}

function mayBreak(former: string, next: string): boolean {
  if (semver.major(former) !== semver.major(next)) return true
  return semver.major(former) === 0 && semver.minor(former) !== semver.minor(next)
}

/** Everything in a manifest that somebody else can name. */
function promises({ backend, ui, provides, permissions, realtime }: PluginManifest): string[] {
  return [
    ...(backend?.routes ?? []).map(({ method, path }) => `route ${method} ${path}`),
    ...(backend?.events?.publishes ?? []).map((topic) => `event ${topic}`),
    ...(realtime ?? []).map(({ topic }) => `realtime topic ${topic}`),
    ...Object.entries(provides ?? {}).map(([capability, of]) => `capability ${capability} ${semver.major(of)}`),
    ...(ui?.pages ?? []).map(({ path }) => `page ${path}`),
    ...(ui?.points ?? []).map(({ id }) => `extension point ${id}`),
    ...(permissions?.defines ?? []).map(({ id }) => `permission ${id}`),
  ]
}
