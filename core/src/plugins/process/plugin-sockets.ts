import type { Log } from '@dcesop/sdk-plugin'
import { regionsOf } from '@dcesop/sdk-plugin/host'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { join } from 'node:path'
import { getCACertificates } from 'node:tls'
import { runAs } from '../generation/attribution.ts'
import type { HostPorts } from '../generation/handles.ts'
import { DataProxy } from './data/data-proxy.ts'
import { scopeOf } from './data/scope.ts'
import { Egress } from './egress.ts'
import type { DataAccess, EgressAccess } from './protocol.ts'

export interface PluginSocketsParts {
  readonly manifest: PluginManifest
  readonly ports: HostPorts
  /** What the process proves itself with on each of them. */
  readonly key: string
  /** Bound to the plugin. */
  readonly log: Log
}

/** Sockets in the private folder of a plugin's process: the one on which it serves, and those by which it reaches its data and the network. */
export class PluginSockets {
  /** Path of the socket on which the process itself listens. */
  readonly requests: string
  readonly #folder: string
  readonly #parts: PluginSocketsParts
  #data: DataProxy | undefined
  #egress: Egress | undefined

  constructor(folder: string, parts: PluginSocketsParts) {
    this.requests = join(folder, 'http.sock')
    this.#folder = folder
    this.#parts = parts
  }

  /** Nothing is opened for a plugin that declares neither collections nor events of its own. */
  async openData(): Promise<DataAccess | undefined> {
    const { manifest, ports, key, log } = this.#parts
    if (!manifest.data && !manifest.backend?.events?.publishes?.length) return undefined
    const { core } = ports.data
    const regions = regionsOf(ports.data, manifest)
    const prefix = core.name.slice(0, -'core'.length)
    const databases = regions.map((region) => ports.data.region(region).name)
    if (databases.some((database, index) => database !== prefix + (regions[index] as string)))
      throw new Error('The databases of the regions are not named after them.')
    // The driver knows a socket by the ending of its name.
    const path = join(this.#folder, 'data.sock')
    const scope = scopeOf(manifest, databases)
    this.#data = await DataProxy.listen(path, { core, scope, key, log, now: () => ports.events.outbox.ids.now() })
    return { uri: `mongodb://${encodeURIComponent(path)}/?directConnection=true`, regions, prefix }
  }

  async openEgress(): Promise<EgressAccess> {
    const { manifest, ports, key, log } = this.#parts
    const socketPath = join(this.#folder, 'egress.sock')
    const refused = (error: Error) =>
      runAs({ plugin: manifest.id, version: manifest.version }, () => ports.events.failed(manifest.id, error))
    this.#egress = await Egress.listen(socketPath, { manifest, key, log, refused })
    return { socketPath, certificates: addedCertificates() }
  }

  close(): void {
    this.#data?.close()
    this.#egress?.close()
  }
}

/** Authorities that the operator trusts beside those of Node (NODE_EXTRA_CA_CERTS, `--use-system-ca`): plugins trust them too. */
function addedCertificates(): string[] {
  const bundled = new Set(getCACertificates('bundled'))
  return getCACertificates('default').filter((certificate) => !bundled.has(certificate))
}
