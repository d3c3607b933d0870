import { envelopeOf } from '../dsse.ts'
import { distrust } from '../trust-error.ts'
import type { BundledPackage, BundleIndex } from './bundle.ts'
import { parsePayload } from './payload.ts'

/** Reads the index, which nobody signed: what it says is held against the signatures, and must be of a form that can be. @throws TrustError `malformed` */
export function readIndex(content: Buffer): BundleIndex {
  const what = { id: 'what.index' } as const
  const { format, packages } = parsePayload<{ format: unknown; packages: unknown }>(content, what, [
    'format',
    'packages',
  ])
  if (format !== 1) throw distrust('malformed', 'format', { what })
  if (Array.isArray(packages) && packages.every(isPackage) && areDifferent(packages)) return { format, packages }
  throw distrust('malformed', 'form', { what })
}

/** Each is hashed as a whole: one that is named a thousand times would be hashed as often. */
function areDifferent(packages: readonly BundledPackage[]): boolean {
  return new Set(packages.map(({ name, version }) => `${name}@${version}`)).size === packages.length
}

function isPackage(value: unknown): value is BundledPackage {
  const { name, version, integrity, signatures, publishedAt, approvals } = (value ?? {}) as Partial<
    Record<string, unknown>
  >
  return (
    typeof name === 'string' &&
    typeof version === 'string' &&
    typeof integrity === 'string' &&
    Array.isArray(signatures) &&
    signatures.every(isSignature) &&
    typeof publishedAt === 'string' &&
    !Number.isNaN(Date.parse(publishedAt)) &&
    typeof approvals === 'object' &&
    approvals !== null &&
    Object.values(approvals).every((approval) => envelopeOf(approval) !== undefined)
  )
}

function isSignature(value: unknown): boolean {
  const { keyid, sig } = (value ?? {}) as Partial<Record<string, unknown>>
  return typeof keyid === 'string' && typeof sig === 'string'
}
