import { Problem } from '@dcesop/sdk-plugin'
import semver from 'semver'
import { isObject, type Json } from '@dcesop/sdk-plugin/host'
import { type PackageName, tarballName } from '../names.ts'
import { checkTag } from '../tags.ts'
import type { PackageDocument } from '../../storage/documents.ts'
import type { StoredAttachment } from './base64-sink.ts'
import type { PublishDocument } from './read-document.ts'

/** One new version, as a client asks for it. */
export interface PublishWish {
  readonly version: string
  /** Where they depend on what is there, they are made in the transaction that changes it. */
  readonly tags: readonly string[] | ((present: PackageDocument | null) => readonly string[])
  readonly tarball: StoredAttachment
}

/**
 * Reads a publish document: one new version with its tarball. A client that met a conflict sends the other versions, too.
 * @param isPublished whether a version is there already
 * @throws Problem 400 `invalid_publish` or `integrity_mismatch`, 409 `version_exists`
 */
export async function publishWish(
  { document, attachments }: PublishDocument,
  name: PackageName,
  isPublished: (version: string) => Promise<boolean>,
): Promise<PublishWish> {
  expectThat(document['name'] === name.full, 'name', 'is not the package of the address')
  expectThat(document['_id'] === undefined || document['_id'] === name.full, '_id', 'is not the package of the address')
  const [version, manifest] = await newVersion(document['versions'], isPublished)
  expectThat(
    semver.valid(version) === version && version.length <= 128,
    'versions',
    'names a version that is no semver',
  )
  expectThat(manifest['name'] === name.full, `versions/${version}/name`, 'is another name')
  expectThat(manifest['version'] === version, `versions/${version}/version`, 'is another version')
  const tarball = theTarball({ document, attachments }, name, version)
  checkIntegrity(manifest['dist'], tarball)
  return { version, tags: tagsFor(document['dist-tags'], version), tarball }
}

async function newVersion(
  versions: unknown,
  isPublished: (version: string) => Promise<boolean>,
): Promise<[string, Json]> {
  expectThat(isObject(versions) && Object.keys(versions).length > 0, 'versions', 'is missing')
  const published = await Promise.all(Object.keys(versions).map(isPublished))
  const [found, ...more] = Object.entries(versions).filter((_, index) => !published[index])
  if (!found)
    throw new Problem(
      409,
      'version_exists',
      `${Object.keys(versions).join(', ')} is published already; a version never changes.`,
    )
  expectThat(more.length === 0, 'versions', 'holds more than one new version')
  const [version, manifest] = found
  expectThat(isObject(manifest), `versions/${version}`, 'is not an object')
  return [version, manifest]
}

function theTarball({ document, attachments }: PublishDocument, name: PackageName, version: string): StoredAttachment {
  const declared = document['_attachments']
  const names = isObject(declared) ? Object.keys(declared) : []
  if (names.some((attachment) => attachment.endsWith('.sigstore')))
    throw new Problem(
      400,
      'not_supported',
      'Provenance of public build services is not taken here; publish without --provenance.',
    )
  const [only, ...more] = names
  const known = [tarballName(name, version), `${name.full}-${version}.tgz`]
  expectThat(
    only !== undefined && more.length === 0 && known.includes(only),
    '_attachments',
    `must hold "${known[0]}" alone`,
  )
  const tarball = attachments.get(only)
  expectThat(tarball !== undefined && tarball.size > 0, `_attachments/${only}/data`, 'is missing')
  const { length } = (declared as Record<string, Json>)[only] as Json
  if (length !== undefined && length !== tarball.size)
    throw new Problem(400, 'integrity_mismatch', `The tarball has ${tarball.size} bytes, not those of its "length".`)
  return tarball
}

function checkIntegrity(dist: unknown, { sha1, sha512 }: StoredAttachment): void {
  const { integrity, shasum } = isObject(dist) ? dist : {}
  const wrong = (what: string) =>
    new Problem(400, 'integrity_mismatch', `The ${what} in the document is not that of the tarball.`)
  if (shasum !== undefined && shasum !== sha1) throw wrong('shasum')
  if (integrity === undefined) return
  const sums = typeof integrity === 'string' ? integrity.split(/\s+/) : []
  const strongest = sums.filter((sum) => sum.startsWith('sha512-'))
  if (strongest.length === 0 || !strongest.includes(integrityOf(sha512))) throw wrong('integrity')
}

/** @param sha512 in hex */
export function integrityOf(sha512: string): string {
  return `sha512-${Buffer.from(sha512, 'hex').toString('base64')}`
}

function tagsFor(tags: unknown, version: string): string[] {
  expectThat(tags === undefined || isObject(tags), 'dist-tags', 'is not an object')
  const found = Object.entries(tags ?? {}).flatMap(([tag, of]) => (of === version ? [checkTag(tag)] : []))
  return found.length > 0 ? found : ['latest']
}

function expectThat(holds: boolean, place: string, mistake: string): asserts holds {
  if (!holds) throw new Problem(400, 'invalid_publish', `"${place}" of the publish document ${mistake}.`)
}
