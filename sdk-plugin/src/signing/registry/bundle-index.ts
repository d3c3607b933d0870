import { envelopeOf } from '../dsse.ts'
import { TrustError } from '../trust-error.ts'
import type { BundledPackage, BundleIndex } from './bundle.ts'
import { parsePayload } from './payload.ts'

/** Reads the index, which nobody signed: what it says is held against the signatures, and must be of a form that can be. @throws TrustError `malformed` */
export function readIndex(content: Buffer): BundleIndex {
  const what = 'The index of the bundle'
  const { format, packages } = parsePayload<{ format: unknown; packages: unknown }>(content, what, [
    'format',
    'packages',
  ])
  if (format !== 1)
    throw new TrustError('malformed', `${what} has a format that this version does not know; format 1 is read.`)
  if (Array.isArray(packages) && packages.every(isPackage)) return { format, packages }
  throw new TrustError('malformed', `${what} is not of the form that it should have.`)
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
