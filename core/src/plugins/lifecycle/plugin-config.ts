import {
  checkedConfig,
  commonMembers,
  ConfigError,
  type ConfigMistake,
  type GivenConfig,
  isObject,
  type Json,
  merge,
  takeAway,
} from '@dcesop/sdk-plugin/host'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import canonicalizeModule from 'canonicalize'
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { because, type Reason, ReasonedError, together } from '../journal/reasons.ts'
import { noSettings, type Settings } from '../settings/plugin-settings.ts'

// The package's types describe its CommonJS face only; depending on the loader the function is the module or its default.
type Canonicalize = (value: unknown) => string | undefined
const loaded = canonicalizeModule as unknown as Canonicalize & { default?: Canonicalize }
const canonicalize = loaded.default ?? loaded

/** A plugin's configuration with defaults and secrets, frozen, and a revision that names its content without these. */
export interface PluginConfig {
  /** Where no region is meant; not complete where that is `unfit`. */
  readonly value: unknown
  /** Of the regions that differ. */
  readonly regions: Readonly<Record<string, unknown>>
  readonly revision: string
  /** What is wrong with `value`, where what regions set for themselves makes up for it there. */
  readonly unfit?: ConfigRefusal
}

/** A configuration that does not fit its schema, by its mistakes. */
export class ConfigRefusal extends ReasonedError {
  readonly mistakes: readonly ConfigMistake[]
  /** Where it does not fit; undefined where no region is meant. */
  readonly region: string | undefined

  constructor(why: Reason, cause: unknown, region: string | undefined) {
    super(why, cause)
    this.mistakes = cause instanceof ConfigError ? cause.mistakes : []
    this.region = region
  }

  /** The same mistakes, as those of a region. */
  in(region: string): ConfigRefusal {
    return new ConfigRefusal(together(' ', because('config_in_region', { region }), this.why), this.cause, region)
  }
}

/** Where a plugin's configuration comes from, besides the defaults of its schema; each is laid over those before. */
export interface ConfigSources {
  /** The host's own configuration. */
  readonly host?: unknown
  /** What administrators set, for all and by region. */
  readonly settings?: Settings
  /** Values at the pointers of `config.secrets`. */
  readonly secrets?: ReadonlyMap<string, string>
}

/**
 * Holds a configuration against `config.schema` of the manifest, for each region as it is there.
 * @throws ConfigRefusal with a sentence for each mistake, or ReasonedError for a level that the version does not have
 */
export function pluginConfig(manifest: PluginManifest, sources: ConfigSources = {}): PluginConfig {
  const { host, settings = noSettings, secrets = new Map<string, string>() } = sources
  refuseScopes(manifest, settings)
  const base = laid(host, settings.global)
  const own = Object.entries(settings.regions)
  const { value, unfit } = checkedBase(manifest, base, secrets, own.length > 0)
  const regions: Record<string, unknown> = {}
  for (const [region, set] of own) {
    const there = checked(manifest, laid(base, set), secrets, region)
    if (!isDeepStrictEqual(there, value)) regions[region] = there
  }
  return { value, regions, revision: revisionOf(manifest, value, regions), ...(unfit ? { unfit } : {}) }
}

/**
 * What a generation is given that serves some regions. Where each of them has set what nobody set for all, it has what they have in
 * common where no region is meant: what a region sets for itself is never that of another (docs/adr/0021).
 * @throws ConfigRefusal for a configuration that is `unfit` in a region which it serves
 */
export function configFor({ value, regions, unfit }: PluginConfig, served: readonly string[]): GivenConfig {
  if (unfit && served.length > 0) {
    const missing = served.find((region) => !Object.hasOwn(regions, region))
    if (missing !== undefined) throw unfit.in(missing)
    const own = served.map((region) => [region, regions[region]] as const)
    return { value: commonMembers(own.map(([, there]) => there)), regions: Object.fromEntries(own) }
  }
  return { value, regions: Object.fromEntries(served.map((region) => [region, regions[region] ?? value])) }
}

/** A copy without secrets. */
export function shownConfig({ config }: PluginManifest, value: unknown): unknown {
  const shown: unknown = structuredClone(value)
  for (const pointer of config?.secrets ?? []) takeAway(shown, pointer)
  return shown
}

/** What is no object is told by the schema. */
function laid(base: unknown, over: Json | undefined): unknown {
  if (over === undefined || (base !== undefined && !isObject(base))) return base
  return merge(base ?? {}, over)
}

/** Without secrets: by a hash that anybody may read, a guess could be tried. */
function revisionOf(manifest: PluginManifest, value: unknown, regions: PluginConfig['regions']): string {
  const everywhere = shownConfig(manifest, value)
  const own = Object.entries(regions).map(([region, there]) => [region, shownConfig(manifest, there)] as const)
  // What differs nowhere keeps the name that it had before regions could differ.
  const named = own.length === 0 ? everywhere : { everywhere, regions: Object.fromEntries(own) }
  return createHash('sha256')
    .update(canonicalize(named) ?? '')
    .digest('hex')
    .slice(0, 12)
}

/**
 * A level that the platform does not have would be set by nobody: better to say so than to let an operator count on it. And what
 * was set on a level that another version declared is not passed over in silence.
 */
function refuseScopes({ id: plugin, version, config }: PluginManifest, { global, regions }: Settings): void {
  const scopes: readonly string[] = config ? (config.scopes ?? ['global']) : []
  const unknown = scopes.find((scope) => scope === 'tenant')
  if (unknown) throw new ReasonedError(because('config_scope_unknown', { plugin, version, scope: unknown }))
  const set = [...(global ? ['global'] : []), ...(Object.keys(regions).length > 0 ? ['region'] : [])]
  const undeclared = set.find((scope) => !scopes.includes(scope))
  if (undeclared) throw new ReasonedError(because('config_scope_undeclared', { plugin, version, scope: undeclared }))
}

/** @param mayBeUnfit what is set by region may make up for what is missing */
function checkedBase(
  manifest: PluginManifest,
  base: unknown,
  secrets: ReadonlyMap<string, string>,
  mayBeUnfit: boolean,
): Pick<PluginConfig, 'value' | 'unfit'> {
  try {
    return { value: checked(manifest, base, secrets) }
  } catch (error) {
    if (!mayBeUnfit || !(error instanceof ConfigRefusal)) throw error
    return { value: base ?? {}, unfit: error }
  }
}

function checked(
  manifest: PluginManifest,
  given: unknown,
  secrets: ReadonlyMap<string, string>,
  region?: string,
): unknown {
  try {
    return checkedConfig(manifest, given, secrets)
  } catch (error) {
    const why = because('config_invalid', { detail: (error as Error).message })
    const where = region === undefined ? why : together(' ', because('config_in_region', { region }), why)
    throw new ConfigRefusal(where, error, region)
  }
}
