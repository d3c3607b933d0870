import {
  type BundledPackage,
  bundlePaths,
  envelopeOf,
  openBundle,
  readBundle,
  type Snapshot,
  TrustError,
  type TrustedKeys,
} from '@dcesop/sdk-plugin/signing'
import type { KeyObject } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Origins } from './origins.ts'

export interface ForeignPackage extends BundledPackage {
  readonly tarball: Buffer
}

export interface ForeignBundle {
  /** Key id of the root of the registry that made it. */
  readonly root: string
  readonly keys: TrustedKeys
  readonly snapshot: Snapshot
  readonly packages: readonly ForeignPackage[]
}

export interface ForeignBundleOptions {
  /** Pinned root keys of other registries, by key id. */
  readonly roots: ReadonlyMap<string, KeyObject>
  readonly maxAgeDays: number
  readonly origins: Origins
}

/** Verifies a bundle of another registry as a whole. @throws TrustError for anything that is not believed */
export async function openForeignBundle(
  source: Readable,
  { roots, maxAgeDays, origins }: ForeignBundleOptions,
): Promise<ForeignBundle> {
  const files = await readBundle(source)
  const root = rootOf(files, roots)
  const pinned = new Map([...roots].filter(([id]) => id === root))
  const { keys, snapshot, packages } = openBundle(files, pinned, {
    now: new Date(),
    maxAgeDays,
    seen: await origins.seen(root),
  })
  return { root, keys, snapshot, packages }
}

function rootOf(files: ReadonlyMap<string, Buffer>, roots: ReadonlyMap<string, KeyObject>): string {
  const signer = envelopeOf(keysIn(files))?.signatures.find(({ keyid }) => roots.has(keyid))
  if (signer) return signer.keyid
  throw new TrustError('wrong_signature', 'No root key in "trust.origins.rootKeys" signed the keys of the bundle.')
}

function keysIn(files: ReadonlyMap<string, Buffer>): unknown {
  try {
    return JSON.parse(files.get(bundlePaths.keys)?.toString('utf8') ?? 'null')
  } catch (error) {
    throw new TrustError('malformed', `The keys of the bundle cannot be read: ${(error as Error).message}.`)
  }
}
