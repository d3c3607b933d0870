import { containerName, uiDirectory } from '@dcesop/sdk-plugin/contracts'
import { type Envelope, type InstanceFeed, type OfferedUi, signInstanceFeed } from '@dcesop/sdk-plugin/signing'
import semver from 'semver'
import type { Database } from '../../storage/database.ts'
import type { LoggedState } from '../../trust/log/logged-state.ts'
import type { RegistryKeys } from '../../trust/keys/registry-keys.ts'
import type { Snapshots } from '../../trust/snapshot/snapshots.ts'
import type { Catalogue, CatalogueState, CatalogueVersion } from '../catalogue/catalogue.ts'
import type { PluginChoices } from '../resolve/candidates.ts'
import type { Offered } from '../resolve/offered.ts'
import { channelsOf } from './followed-channels.ts'
import type { InstanceDocument } from './instances.ts'

export interface InstanceFeedsDeps {
  readonly database: Database
  readonly catalogue: Catalogue
  readonly logged: LoggedState
  readonly offered: Offered
  readonly snapshots: Snapshots
  readonly keys: RegistryKeys
}

export interface IssuedFeed {
  readonly feed: InstanceFeed
  readonly envelope: Envelope
  readonly etag: string
}

const mostKept = 200

/** What the shell of each instance may load, signed anew whenever the snapshot is. */
export class InstanceFeeds {
  readonly #deps: InstanceFeedsDeps
  readonly #issued = new Map<string, IssuedFeed>()

  constructor(deps: InstanceFeedsDeps) {
    this.#deps = deps
  }

  async of(instance: InstanceDocument): Promise<IssuedFeed> {
    const { snapshots, catalogue, keys } = this.#deps
    const { snapshot } = await snapshots.current()
    const etag = `feed-${snapshot.number}-${keys.trusted.list.version}-${instance.revision}`
    const known = this.#issued.get(instance._id)
    if (known?.etag === etag) return known
    const { issuedAt, expires, number } = snapshot
    const plugins = await this.#plugins(instance, await catalogue.current())
    const feed: InstanceFeed = { instance: instance._id, snapshot: number, issuedAt, expires, plugins }
    const issued = { feed, envelope: signInstanceFeed(feed, keys.signer('snapshot')), etag }
    if (this.#issued.size >= mostKept) this.#issued.clear()
    this.#issued.set(instance._id, issued)
    return issued
  }

  async #plugins(instance: InstanceDocument, state: CatalogueState): Promise<OfferedUi[]> {
    const all = [...state.packages.values()].flat()
    const byId = new Map(all.map((version) => [`${version.manifest?.id}@${version.version}`, version]))
    const chosen = this.#served(instance, state).flatMap(({ id, regions }) => {
      const version = byId.get(id)
      return version ? [{ version, regions }] : []
    })
    const files = await this.#files(chosen.map(({ version }) => version.id))
    return chosen
      .flatMap(({ version, regions }) => uiOf(version, regions, files.get(version.id)))
      .sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0))
  }

  /** Of each plugin the newest version that its channel has, `<plugin>@<version>`: several where regions follow several channels. */
  #served(instance: InstanceDocument, state: CatalogueState): { id: string; regions: string[] }[] {
    const { regions, channel, installations = [] } = instance
    const channelOf = channelsOf(instance)
    const channels = new Set([channel, ...installations.map((one) => one.channel)])
    const newest = new Map(
      [...channels].map((one) => {
        const choices = [...this.#deps.offered.to({ regions, channel: one }, state).all()]
        return [one, new Map(choices.map((of) => [of.plugin, newestOf(of, instance)]))]
      }),
    )
    const plugins = newest.get(channel)?.keys() ?? []
    return [...plugins].flatMap((plugin) => {
      const byVersion = Map.groupBy(regions, (region) => newest.get(channelOf(plugin, region))?.get(plugin))
      return [...byVersion].flatMap(([version, where]) =>
        version === undefined ? [] : [{ id: `${plugin}@${version}`, regions: where }],
      )
    })
  }

  /** Files of user interfaces, by version: such as were logged with it. */
  async #files(ids: readonly string[]): Promise<Map<string, string>> {
    const options = { projection: { ui: 1 } }
    const found = await this.#deps.database.versions.find({ _id: { $in: [...ids] } }, options).toArray()
    return new Map(
      found.flatMap(({ _id, ui }) => (ui !== undefined && this.#deps.logged.tellsUi(_id, ui) ? [[_id, ui]] : [])),
    )
  }
}

function newestOf({ versions }: PluginChoices, engines: InstanceDocument): string | undefined {
  return versions.find(({ barred, manifest }) => barred === undefined && runsOn(manifest.engines, engines))?.version
}

type Engines = NonNullable<CatalogueVersion['manifest']>['engines']

function runsOn(needed: Engines, present: Pick<InstanceDocument, 'dcesop' | 'sdk' | 'node'>): boolean {
  const options = { includePrerelease: true }
  return (['dcesop', 'sdk', 'node'] as const).every(
    (name) => needed[name] === undefined || semver.satisfies(present[name], needed[name], options),
  )
}

function uiOf(
  { manifest, package: name, version, dist, blob }: CatalogueVersion,
  regions: readonly string[],
  ui = '{}',
): OfferedUi[] {
  const files = Object.entries(JSON.parse(ui) as Record<string, string>)
  if (!manifest || files.length === 0) return []
  return [
    {
      id: manifest.id,
      package: name,
      version,
      regions,
      titleKey: manifest.titleKey,
      integrity: dist.integrity,
      container: containerName(manifest.id, version),
      baseUrl: uiDirectory(manifest.id, version, blob),
      remoteEntry: 'remoteEntry.js',
      files: Object.fromEntries(
        files.map(([path, hex]) => [path, `sha256-${Buffer.from(hex, 'hex').toString('base64')}`]),
      ),
    },
  ]
}
