import { createHash, type KeyObject } from 'node:crypto'
import { type Envelope, envelopeOf } from '../../signing/dsse.ts'
import { openKeyList } from '../../signing/registry/key-list.ts'
import { checkPackageSignature, type PackageSignature } from '../../signing/registry/package-signature.ts'
import { openSnapshot } from '../../signing/registry/snapshot.ts'
import { distrust, TrustError } from '../../signing/trust-error.ts'
import { UsageError } from '../command.ts'
import { askRegistry } from '../npm/ask-registry.ts'
import { registryUrl } from '../npm/npmrc.ts'
import { failed, joined, type Report, verified } from './report.ts'
import { publisherKeys, verifyTarball } from './tarball.ts'
import { reasonOf, t } from '../text/text.ts'

/** Checks a tarball against what a registry says of it now; the registry is believed as far as the pinned root vouches for it. */
export async function verifyByRegistry(
  bytes: Buffer,
  registry: string,
  roots: ReadonlyMap<string, KeyObject>,
): Promise<Report> {
  const url = registryUrl(registry)
  const content = await verifyTarball(bytes, undefined)
  if (!content.opened) return content
  const { manifest, files } = content.opened
  const { name } = JSON.parse(String(files.get('package.json'))) as { name: string }
  const { version } = manifest
  const now = new Date()
  try {
    const keys = openKeyList(await signed(url, '/-/dcesop/v1/keys'), roots, { now })
    const snapshot = openSnapshot(await signed(url, '/-/dcesop/v1/snapshot'), keys, { now })
    const published: Packument = await askRegistry(url, `/${name.replace('/', '%2f')}`)
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`
    const { signatures = [] } = published.versions?.[version]?.dist ?? {}
    const at = new Date(published.time?.[version] ?? now)
    const key = checkPackageSignature({ name, version, integrity }, signatures, keys, at)
    const listed = snapshot.packages[name]?.versions[version]
    const state =
      listed?.integrity === integrity && listed.state === 'listed'
        ? verified(t('verify.listed', { number: snapshot.number, issuedAt: snapshot.issuedAt }))
        : failed(t('verify.unlisted', { number: snapshot.number, why: listed?.yank?.reason ?? t('verify.unknown') }))
    const byPublisher = await verifyTarball(bytes, publisherKeys(snapshot, name), name.split('/')[0])
    return joined([verified(t('verify.signedBy', { name, version, key })), state, byPublisher])
  } catch (error) {
    if (error instanceof TrustError) {
      const id = error.code === 'wrong_signature' ? 'verify.rootHint' : 'verify.registry'
      return joined([content, failed(t(id, { why: reasonOf(error), code: error.code }))])
    }
    if (error instanceof UsageError) return joined([content, failed(t('verify.registryAway', { why: error.message }))])
    throw error
  }
}

interface Packument {
  readonly versions?: Readonly<Record<string, { readonly dist: { readonly signatures?: PackageSignature[] } }>>
  readonly time?: Readonly<Record<string, string>>
}

async function signed(url: string, path: string): Promise<Envelope> {
  const envelope = envelopeOf(await askRegistry(url, path))
  if (!envelope) throw distrust('malformed', 'registry.unsigned', { path })
  return envelope
}
