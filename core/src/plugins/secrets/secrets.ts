import { requireSecretDeclared, secretUnavailable } from '@dcesop/sdk-plugin/host'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { readSecrets } from '../../config/secrets-file.ts'
import type { AuditPort, Log } from '../../ports.ts'
import { type Asked, askedIn } from '../generation/call.ts'
import { type Hidden, hidden } from './hidden.ts'

export interface SecretsDeps {
  /** JSON of secrets by plugin and name; read at each use, so that a value can be replaced while the host runs. */
  readonly file: string | null
  readonly audit: AuditPort
  readonly log: Log
}

/**
 * Gives plugins the secrets that the operator wrote down for them. That a name stands under the plugin's id in the file is the
 * grant; no plugin has a way to name another's.
 */
export class Secrets {
  readonly #deps: SecretsDeps
  readonly #given = new Set<string>()
  /** Takes every value that was ever given out of what is logged, told or kept. */
  readonly hide: Hidden = (value) => (this.#given.size === 0 ? value : hidden(value, this.#given))

  constructor(deps: SecretsDeps) {
    this.#deps = deps
  }

  /**
   * @param asked the request in which it is used, if in one
   * @throws Error when the manifest does not list the name; Problem 503 `secret_unavailable`
   */
  async use(manifest: PluginManifest, name: string, asked: Asked | undefined): Promise<string> {
    requireSecretDeclared(manifest, name)
    const value = this.#valueOf(manifest.id, name)
    await this.#audit(manifest, name, asked, value instanceof Error ? 'denied' : 'allowed')
    if (value instanceof Error) throw value
    this.#given.add(value)
    return value
  }

  /** Values of the plugin's configuration by their pointers; what is not there is not given. */
  ofConfig({ id, config }: PluginManifest): ReadonlyMap<string, string> {
    if (!config?.secrets?.length) return new Map()
    const found = config.secrets.flatMap((pointer): [string, string][] => {
      const value = this.#valueOf(id, pointer)
      return value instanceof Error ? [] : [[pointer, value]]
    })
    for (const [, value] of found) this.#given.add(value)
    return new Map(found)
  }

  /** Puts on record that a start of the plugin was given the secrets of its configuration. */
  async givenAtStart(manifest: PluginManifest): Promise<void> {
    for (const pointer of this.ofConfig(manifest).keys()) await this.#audit(manifest, pointer, undefined, 'allowed')
  }

  #valueOf(plugin: string, name: string): string | Error {
    const { file, log } = this.#deps
    try {
      const own = new Map(Object.entries((file === null ? {} : readSecrets(file))[plugin] ?? {}))
      return own.get(name) ?? secretUnavailable(plugin, name)
    } catch (error) {
      log.error({ err: error, plugin }, 'the file of secrets cannot be read')
      return secretUnavailable(plugin, name, error)
    }
  }

  async #audit(
    { id: plugin, version }: PluginManifest,
    name: string,
    asked: Asked | undefined,
    outcome: 'allowed' | 'denied',
  ): Promise<void> {
    const by = asked ? askedIn(asked) : { actor: system(plugin) }
    const record = { action: 'plugin.secret.use', resource: name, details: { version } }
    await this.#deps.audit.append({ ...record, ...by, outcome, plugin })
  }
}

/** Outside a request it is the plugin's own doing: at its start, in a job, for an event. */
function system(plugin: string) {
  return { subject: `plugin:${plugin}`, kind: 'system' } as const
}
