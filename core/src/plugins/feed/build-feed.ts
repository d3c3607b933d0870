import { containerName, type FeedPlugin, type FeedUnavailable, type UiFeed } from '@dcesop/sdk-plugin/contracts'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { arrange } from '../layout/arrange.ts'
import type { PointLayouts } from '../layout/layouts.ts'
import type { AssetSet } from './assets.ts'

/** A plugin as far as its UI is concerned. */
export interface UiSource {
  readonly manifest: PluginManifest
  readonly state: string
  /** Code of the reason. */
  readonly cause?: string | undefined
  readonly since: string
  /** Absent while the plugin does not serve. */
  readonly assets?: AssetSet | undefined
  /** Directories of versions that must not be shown any more, for safety. */
  readonly withdrawn?: readonly string[]
  /** A build that only this person gets. */
  readonly dev?: true
}

const remoteEntry = 'remoteEntry.js'
const defaultOrder = 100

/**
 * What one user's shell may load. A plugin of which the user may see nothing is left out.
 * @param may whether the user holds a permission
 * @param layouts how the user's region wants extensions arranged
 */
export function buildFeed(
  revision: number,
  sources: readonly UiSource[],
  may: (permission: string) => boolean,
  layouts: PointLayouts = {},
): UiFeed {
  const seen = sources
    .filter(({ manifest }) => manifest.ui)
    .map((source) => ({ source, units: unitsOf(source.manifest, may, layouts) }))
    .filter(({ units }) => units.pages.length + units.extensions.length > 0)
    .sort((a, b) => a.source.manifest.id.localeCompare(b.source.manifest.id))
  const plugins = seen.flatMap(({ source, units }): FeedPlugin[] =>
    source.assets?.files.has(remoteEntry) ? [available(source, source.assets, units)] : [],
  )
  const served = new Set(plugins.map(({ id }) => id))
  const unavailable = seen.flatMap(({ source, units }): FeedUnavailable[] =>
    served.has(source.manifest.id) ? [] : [absent(source, units)],
  )
  return { revision, plugins, unavailable }
}

type Units = Pick<FeedPlugin, 'pages' | 'extensions'>

function unitsOf({ id, ui }: PluginManifest, may: (permission: string) => boolean, layouts: PointLayouts): Units {
  const seen = <T extends { permission: string; order?: number }>(units: readonly T[] = []) =>
    units.filter(({ permission }) => may(permission)).map((unit) => ({ ...unit, order: unit.order ?? defaultOrder }))
  return { pages: seen(ui?.pages), extensions: arrange(layouts, id, seen(ui?.extensions)) }
}

function available(
  { manifest, state, withdrawn = [], dev }: UiSource,
  { baseUrl, files }: AssetSet,
  units: Units,
): FeedPlugin {
  const { id, version, titleKey, i18n } = manifest
  const locales = i18n.locales.filter((locale) => files.has(`locales/${locale}.json`))
  return {
    id,
    version,
    titleKey,
    state: state === 'DEGRADED' ? 'degraded' : 'active',
    baseUrl,
    remoteEntry,
    container: containerName(id, version),
    ...units,
    points: manifest.ui?.points ?? [],
    integrity: Object.fromEntries(
      [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, { integrity }]) => [path, integrity]),
    ),
    locales: Object.fromEntries(locales.map((locale) => [locale, `${baseUrl}locales/${locale}.json`])),
    ...(withdrawn.length > 0 ? { withdrawn } : {}),
    ...(dev ? { dev } : {}),
  }
}

function absent({ manifest, state, cause, since }: UiSource, units: Units): FeedUnavailable {
  const { id, version, titleKey } = manifest
  return { id, version, titleKey, state: unavailableState(state), ...(cause && { cause }), since, ...units }
}

function unavailableState(state: string): string {
  if (state === 'STOPPED' || state === 'DRAINING' || state === 'RETIRED') return 'disabled'
  if (state === 'QUARANTINED') return 'quarantined'
  return state === 'FAILED' || state === 'REJECTED' || state === 'ROLLED_BACK' ? 'failed' : 'starting'
}
