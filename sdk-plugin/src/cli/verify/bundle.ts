import type { KeyObject } from 'node:crypto'
import { isPluginName } from '../../package/plugin-name.ts'
import { openBundle } from '../../signing/registry/bundle.ts'
import { readBundle } from '../../signing/registry/bundle-archive.ts'
import { TrustError } from '../../signing/trust-error.ts'
import { failed, joined, type Report, verified } from './report.ts'
import { publisherKeys, verifyTarball } from './tarball.ts'
import { reasonOf, t } from '../text/text.ts'

/** Checks everything in an air-gap bundle: keys, snapshot, and each package's bytes, signatures and approvals; of plugins also what is in them. */
export async function verifyBundle(
  bytes: Buffer,
  roots: ReadonlyMap<string, KeyObject>,
  maxAgeDays: number,
): Promise<Report> {
  try {
    const { packages, snapshot, keys } = openBundle(await readBundle(bytes), roots, { now: new Date(), maxAgeDays })
    const whole = verified(
      t('verify.keyList', { version: keys.list.version }),
      t('verify.snapshot', { number: snapshot.number, issuedAt: snapshot.issuedAt }),
    )
    const each = packages.map(async ({ name, version, tarball, approvals }) => {
      const regions = Object.keys(approvals).join(', ')
      const listed = verified(t('verify.bundled', { name, version, regions: regions || 'none' }))
      if (!isPluginName(name)) return listed
      const known = publisherKeys(snapshot, name)
      return joined([listed, await verifyTarball(tarball, known.size > 0 ? known : undefined)])
    })
    return joined([whole, ...(await Promise.all(each))])
  } catch (error) {
    if (error instanceof TrustError) return failed(t('verify.bundle', { why: reasonOf(error), code: error.code }))
    throw error
  }
}
