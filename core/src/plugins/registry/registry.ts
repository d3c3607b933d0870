import { Problem } from '@dcesop/sdk-plugin'
import pLimit from 'p-limit'
import { setTimeout as pause } from 'node:timers/promises'
import type { Readable } from 'node:stream'
import type { Clock } from '../../ports.ts'
import type { Catalogue, CatalogueEntry } from '../store/catalogue.ts'
import type { Operations } from '../lifecycle/operations.ts'
import { importBundle, type ImportedBundle } from './bundle-import.ts'
import type { RegistryClient } from './client.ts'
import type { FollowedChannels } from './followed-channels.ts'
import { type Finding, findingAbout } from './findings.ts'
import type { Installer } from './installer.ts'
import type { Planner } from './planner.ts'
import type { ReleaseContents } from './release-contents.ts'
import type { Releases } from './releases.ts'
import { replace, type ReplacementOutcome } from './replacement.ts'
import type { RegistrySettings } from './settings.ts'
import type { Spool } from './spool.ts'

export interface RegistryParts {
  readonly settings: RegistrySettings
  readonly client: RegistryClient
  readonly channels: FollowedChannels
  readonly planner: Planner
  readonly releases: Releases
  readonly installer: Installer
  readonly contents: ReleaseContents
  readonly operations: Operations
  readonly catalogue: Catalogue
  readonly clock: Clock
  /** Where bundles are kept while they arrive and are read. */
  readonly spool: Spool
}

/** The registry as the rest of the host sees it. */
export class Registry {
  readonly #parts: RegistryParts
  readonly #oneByOne = pLimit(1)

  constructor(parts: RegistryParts) {
    this.#parts = parts
  }

  get settings(): RegistrySettings {
    return this.#parts.settings
  }

  get client(): RegistryClient {
    return this.#parts.client
  }

  get channels(): FollowedChannels {
    return this.#parts.channels
  }

  get planner(): Planner {
    return this.#parts.planner
  }

  get installer(): Installer {
    return this.#parts.installer
  }

  get releases(): Releases {
    return this.#parts.releases
  }

  get contents(): ReleaseContents {
    return this.#parts.contents
  }

  /** @returns whether the registry answered, and was believed */
  refresh(): Promise<boolean> {
    return this.client.refresh()
  }

  /** Waits no longer than that; the answer counts whenever it comes. */
  async refreshWithin(ms: number): Promise<void> {
    await Promise.race([this.refresh(), pause(ms, undefined, { ref: false })])
  }

  /** What the last known state of the registry has against a package. */
  findingAbout(entry: CatalogueEntry): Finding | undefined {
    const { client, settings, clock } = this.#parts
    const { present } = client.trust
    return present && findingAbout(entry, present.snapshot, settings, clock.now())
  }

  /** Puts an allowed version in the place of one that must not run, where that needs nobody's decision. */
  replace(entry: CatalogueEntry): Promise<ReplacementOutcome> {
    return replace(entry, this.#parts)
  }

  /** One after the other: each is in memory as a whole. @throws Problem 422 `bundle_refused` */
  import(body: Readable): Promise<ImportedBundle> {
    return this.#parts.spool.with(body, (file) => this.#oneByOne(() => importBundle(file(), this.#parts)))
  }
}

/** @throws Problem 409 `registry_missing` */
export function required(registry: Registry | undefined): Registry {
  if (registry) return registry
  throw new Problem(409, 'registry_missing', 'No registry is configured: set "plugins.registry" and pin its root key.')
}
