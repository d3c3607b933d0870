import { envelopeOf, type PackageSignature } from '@dcesop/sdk-plugin/signing'
import type { ReleasePapers } from './verify-release.ts'

const mostSignatures = 16
const mostRegions = 256

/** What a registry tells of a version beside its bytes, read from its answer. @returns undefined when it is no such answer */
export function papersOf(answer: unknown): ReleasePapers | undefined {
  const { provenance, approvals } = membersOf(answer)
  const { signatures, publishedAt } = membersOf(provenance)
  if (typeof publishedAt !== 'string' || Number.isNaN(Date.parse(publishedAt))) return undefined
  if (!isList(signatures, mostSignatures, isSignature) || !isList(approvals, mostRegions, isApproval)) return undefined
  const given = approvals.map((approval) => {
    const { region, attestation } = membersOf(approval)
    return [region as string, attestation === null ? null : envelopeOf(attestation)] as const
  })
  if (given.some(([, envelope]) => envelope === undefined)) return undefined
  return {
    publishedAt,
    signatures: signatures as PackageSignature[],
    approvals: Object.fromEntries(given.flatMap(([region, envelope]) => (envelope ? [[region, envelope]] : []))),
  }
}

function isSignature(value: unknown): boolean {
  const { keyid, sig } = membersOf(value)
  return typeof keyid === 'string' && typeof sig === 'string'
}

function isApproval(value: unknown): boolean {
  return typeof membersOf(value)['region'] === 'string'
}

function isList(value: unknown, most: number, fits: (item: unknown) => boolean): value is unknown[] {
  return Array.isArray(value) && value.length <= most && value.every(fits)
}

function membersOf(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
}
