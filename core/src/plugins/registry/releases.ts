import { Problem } from '@dcesop/sdk-plugin'
import { PackageError, type PluginPackage, packageLimits, readPackage } from '@dcesop/sdk-plugin/package'
import { distrust } from '@dcesop/sdk-plugin/signing'
import type { Clock } from '../../ports.ts'
import type { Catalogue, CatalogueEntry } from '../store/catalogue.ts'
import type { ReleaseEvidence } from '@dcesop/sdk-plugin/contracts'
import { because } from '../journal/reasons.ts'
import type { PackageStore } from '../store/package-store.ts'
import type { RegistryClient } from './client.ts'
import type { FollowedChannels } from './followed-channels.ts'
import { barrierTo, findListed, type Listed, unlisted } from './listed.ts'
import { asProblem } from './problems.ts'
import { papersOf } from './release-papers.ts'
import type { RegistrySettings } from './settings.ts'
import type { Trusted } from './trust-state.ts'
import { digestOf, integrityOf, type ReleasePapers, verifyRelease } from './verify-release.ts'

export interface ReleasesDeps {
  readonly client: RegistryClient
  readonly settings: RegistrySettings
  readonly channels: FollowedChannels
  readonly store: PackageStore
  readonly catalogue: Catalogue
  readonly clock: Clock
  /** The npm name that a plugin's id belongs to on this instance, if any. */
  boundName(plugin: string): Promise<string | undefined>
}

/** Gets versions of the registry into the store: each is verified completely, or is not there. */
export class Releases {
  readonly #deps: ReleasesDeps

  constructor(deps: ReleasesDeps) {
    this.#deps = deps
  }

  /**
   * A version that may be installed now, by the newest state of the registry.
   * @param channel that is followed where it is to be installed
   * @throws Problem 404, 409 `release_not_allowed` or `publisher_changed`, 422 `release_refused`, 502, 503
   */
  async obtain(plugin: string, version: string, channel: string): Promise<CatalogueEntry> {
    const { client, catalogue } = this.#deps
    return asProblem(async () => {
      await client.refresh()
      const trusted = client.fresh()
      const listed = await this.#allowed(trusted, plugin, version, [channel])
      const present = await catalogue.byDigest(digestOf(listed.release.integrity))
      if (present?.evidence && this.#covers(present.evidence, listed)) return present
      return this.#fetch(trusted, listed)
    })
  }

  /** Verifies and stores a package that came by another way than the network, if an installation may have it. @throws Problem */
  async take(
    trusted: Trusted,
    name: string,
    version: string,
    tarball: Buffer,
    papers: ReleasePapers,
  ): Promise<CatalogueEntry> {
    const plugin = name.slice(name.indexOf('/dcesop-') + '/dcesop-'.length)
    const { channels } = this.#deps
    return asProblem(async () => {
      const followed = (await channels.all()).get(plugin) ?? [channels.ofInstance]
      return this.#keep(trusted, await this.#allowed(trusted, plugin, version, followed), tarball, papers, null)
    })
  }

  async #allowed({ snapshot }: Trusted, plugin: string, version: string, channels: readonly string[]): Promise<Listed> {
    const listed = findListed(snapshot, plugin, version, await this.#deps.boundName(plugin))
    const barrier = barrierTo(listed, { regions: this.#deps.settings.regions, channels })
    if (!barrier) return listed
    const { rule, sentence, conflict } = barrier
    throw new Problem(409, 'release_not_allowed', sentence, { extensions: { rule, conflict } })
  }

  /** The regions of this instance may have changed, or an approval been replaced, since a package was verified. */
  #covers({ approvals }: ReleaseEvidence, { release }: Listed): boolean {
    return this.#deps.settings.regions.every((region) =>
      approvals.some((one) => one.region === region && one.digest === release.approvals?.[region]),
    )
  }

  async #fetch(trusted: Trusted, listed: Listed): Promise<CatalogueEntry> {
    const { client, settings } = this.#deps
    const { http } = client
    const { package: name, version, release } = listed
    const [id, { number }] = [`${name}@${version}`, trusted.snapshot]
    if (!http) throw unlisted(because('release_away', { plugin: name, version }))
    const base = name.slice(name.indexOf('/') + 1)
    const path = `/${name.replace('/', '%2f')}`
    const [{ body: details }, { body: manifest }] = await Promise.all([
      http.json<{ provenance?: { integrity?: string } }>(
        `/-/dcesop/v1/plugins/${path.slice(1)}/versions/${encodeURIComponent(version)}`,
      ),
      http.json<{ dist?: { integrity?: string } }>(`${path}/${encodeURIComponent(version)}`),
    ])
    const told = [manifest?.dist?.integrity, details?.provenance?.integrity]
    if (told.some((integrity) => integrity !== release.integrity))
      throw distrust('other_subject', 'release.told', { id, number })
    const papers = papersOf(details)
    if (!papers) throw distrust('other_subject', 'release.unreadable', { id })
    const { content, sha512 } = await http.download(`${path}/-/${base}-${version}.tgz`, packageLimits.packedBytes)
    if (integrityOf(sha512) !== release.integrity) throw distrust('other_subject', 'release.arrived', { id, number })
    return this.#keep(trusted, listed, content, papers, settings.url)
  }

  async #keep(
    trusted: Trusted,
    listed: Listed,
    tarball: Buffer,
    papers: ReleasePapers,
    registry: string | null,
  ): Promise<CatalogueEntry> {
    const { store, catalogue, clock, settings } = this.#deps
    const content = await readRelease(tarball, listed)
    const now = clock.now()
    const evidence = verifyRelease(content, listed, papers, trusted, { regions: settings.regions, registry, now })
    return catalogue.add(await store.put(tarball), 'registry', now, evidence)
  }
}

async function readRelease(tarball: Buffer, { package: name, version }: Listed): Promise<PluginPackage> {
  try {
    return await readPackage(tarball)
  } catch (error) {
    if (!(error instanceof PackageError)) throw error
    const errors = error.findings.map(({ rule, evidence, fix }) => ({ code: rule, message: `${evidence} ${fix}` }))
    throw new Problem(422, 'package_refused', `${name}@${version} does not pass the checks.`, { errors, cause: error })
  }
}
