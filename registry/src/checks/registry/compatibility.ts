import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import semver from 'semver'
import type { Database } from '../../storage/database.ts'
import type { Check, Finding, Judged } from '../check.ts'
import { finding } from '../findings.ts'

/** What others may rely on must not go away without a new major version (below 1.0.0: a new minor one). */
export function compatibilityCheck(database: Database): Check<Judged> {
  return {
    id: 'compatibility',
    async run({ submission: { name, version }, facts: { plugin } }): Promise<Finding[]> {
      if (plugin === null) return []
      const former = await formerVersion(database, name, version)
      if (!former || mayBreak(former.version, version)) return []
      const manifest = JSON.parse(plugin) as PluginManifest
      const kept = new Set(promises(manifest).map(String))
      const gone = promises(former.manifest).filter((promise) => !kept.has(String(promise)))
      const next = semver.inc(former.version, semver.major(former.version) === 0 ? 'minor' : 'major') as string
      const between = { before: former.version, version, next }
      return [
        ...gone.map(([kind, name]) => finding(`compatibility-removed.${kind}`, { ...between, name })),
        ...wentBack(former.manifest, manifest).map(([capability, had, has]) =>
          finding('compatibility-removed.lower', { ...between, capability, had, has }),
        ),
      ]
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

/** Capabilities whose version is lower than before: who relies on what came with the higher one would have nobody. */
function wentBack(former: PluginManifest, next: PluginManifest): [string, string, string][] {
  return Object.entries(former.provides ?? {}).flatMap(([capability, before]): [string, string, string][] => {
    const now = next.provides?.[capability]
    // One of another major version is another capability, and the former is gone.
    if (now === undefined || semver.major(now) !== semver.major(before) || semver.gte(now, before)) return []
    return [[capability, before, now]]
  })
}

type Kind = 'route' | 'event' | 'realtime' | 'capability' | 'page' | 'extension' | 'unit' | 'point' | 'permission'

/** Everything in a manifest that somebody else can name. */
function promises({ backend, ui, provides, permissions, realtime }: PluginManifest): [Kind, string][] {
  const all = <Of>(kind: Kind, list: readonly Of[] | undefined, nameOf: (one: Of) => string): [Kind, string][] =>
    (list ?? []).map((one) => [kind, nameOf(one)])
  return [
    ...all('route', backend?.routes, ({ method, path }) => `${method} ${path}`),
    ...all('event', backend?.events?.publishes, (topic) => topic),
    ...all('realtime', realtime, ({ topic }) => topic),
    ...all('capability', Object.entries(provides ?? {}), ([capability, of]) => `${capability} ${semver.major(of)}`),
    ...all('page', ui?.pages, ({ path }) => path),
    ...all('extension', ui?.extensions, ({ id, point }) => `${id} (${point})`),
    ...all('unit', [...(ui?.pages ?? []), ...(ui?.extensions ?? [])], ({ expose }) => expose),
    ...all('point', ui?.points, ({ id }) => id),
    ...all('permission', permissions?.defines, ({ id }) => id),
  ]
}
