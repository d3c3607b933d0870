import type { KeyObject } from 'node:crypto'
import { openBundle } from '../../signing/registry/bundle.ts'
import { readBundle } from '../../signing/registry/bundle-archive.ts'
import { TrustError } from '../../signing/trust-error.ts'
import { failed, joined, type Report, verified } from './report.ts'
import { publisherKeys, verifyTarball } from './tarball.ts'

/** Checks everything in an air-gap bundle: keys, snapshot, and each package's bytes, signatures and approvals. */
export async function verifyBundle(
  bytes: Buffer,
  roots: ReadonlyMap<string, KeyObject>,
  maxAgeDays: number,
): Promise<Report> {
  try {
    const { packages, snapshot, keys } = openBundle(await readBundle(bytes), roots, { now: new Date(), maxAgeDays })
    const whole = verified(
      `keys: list ${keys.list.version} is signed by the pinned root`,
      `snapshot: number ${snapshot.number} of ${snapshot.issuedAt}`,
    )
    const each = packages.map(async ({ name, version, tarball, approvals }) => {
      const known = publisherKeys(snapshot, name)
      const content = await verifyTarball(tarball, known.size > 0 ? known : undefined)
      const regions = Object.keys(approvals).join(', ')
      const registry = `${name}@${version}: signed by the registry, listed in the snapshot, approved for ${regions || 'no region'}`
      return joined([verified(registry), content])
    })
    return joined([whole, ...(await Promise.all(each))])
  } catch (error) {
    if (error instanceof TrustError) return failed(`bundle: ${error.message} (${error.code})`)
    throw error
  }
}
