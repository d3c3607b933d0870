import { Problem } from '@dcesop/sdk-plugin'
import {
  type BundledPackage,
  bundlePaths,
  type Envelope,
  openBundle,
  readBundle,
  TrustError,
} from '@dcesop/sdk-plugin/signing'
import type { Readable } from 'node:stream'
import type { Clock } from '../../ports.ts'
import type { RegistryClient } from './client.ts'
import type { Releases } from './releases.ts'
import type { RegistrySettings } from './settings.ts'
import type { Trusted } from './trust-state.ts'

export interface ImportedBundle {
  /** Number of the registry's snapshot in it. */
  readonly snapshot: number
  readonly issuedAt: string
  readonly packages: readonly { readonly plugin: string; readonly version: string; readonly sha512: string }[]
  /** What is not allowed on this instance, and was left out. */
  readonly left: readonly {
    readonly package: string
    readonly version: string
    readonly code: string
    readonly detail: string
  }[]
}

export interface ImportParts {
  readonly client: RegistryClient
  readonly settings: RegistrySettings
  readonly releases: Releases
  readonly clock: Clock
}

type Imported = ImportedBundle['packages'][number]
type Left = ImportedBundle['left'][number]

/**
 * Takes over the registry's state from a bundle, and puts those of its packages that this instance may run into the store.
 * @throws Problem 422 `bundle_refused` for anything forged, older than what was seen, or too old
 */
export async function importBundle(
  body: Readable,
  { client: { trust }, settings, releases, clock }: ImportParts,
): Promise<ImportedBundle> {
  const { roots, bundleMaxAgeDays: maxAgeDays } = settings
  try {
    const files = await readBundle(body)
    const seen = trust.stored.seen.snapshot
    const { packages } = openBundle(files, roots, { now: clock.now(), maxAgeDays, seen })
    const trusted = await trust.accept(
      { keys: envelopeIn(files, bundlePaths.keys), snapshot: envelopeIn(files, bundlePaths.snapshot) },
      'bundle',
    )
    const [taken, left]: [Imported[], Left[]] = [[], []]
    for (const one of packages) {
      const result = await take(one, releases, trusted)
      if ('plugin' in result) taken.push(result)
      else left.push(result)
    }
    const { number, issuedAt } = trusted.snapshot
    return { snapshot: number, issuedAt, packages: taken, left }
  } catch (error) {
    if (!(error instanceof TrustError)) throw error
    throw new Problem(422, 'bundle_refused', error.message, {
      cause: error,
      extensions: { fault: error.code, ...(error.told && { told: error.told }) },
    })
  }
}

async function take(
  { name, version, tarball, ...papers }: BundledPackage & { readonly tarball: Buffer },
  releases: Releases,
  trusted: Trusted,
): Promise<Imported | Left> {
  try {
    const { manifest, digest } = await releases.take(trusted, name, version, tarball, papers)
    return { plugin: manifest.id, version: manifest.version, sha512: digest }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { package: name, version, code: error.code, detail: error.detail }
  }
}

/** `openBundle` has checked it already. */
function envelopeIn(files: ReadonlyMap<string, Buffer>, path: string): Envelope {
  return JSON.parse(files.get(path)?.toString('utf8') ?? 'null') as Envelope
}
