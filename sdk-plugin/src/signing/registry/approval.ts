import type { KeyObject } from 'node:crypto'
import { type Envelope, signEnvelope } from '../dsse.ts'
import { distrust } from '../trust-error.ts'
import { openByRole, type TrustedKeys } from './key-list.ts'

/** in-toto's payload type; see in-toto/attestation, spec v1. */
export const statementType = 'application/vnd.in-toto+json'
export const approvalPredicate = 'https://dcesop.dev/attestations/approval/v1'

export interface Approval {
  readonly region: string
  /** What had to be fulfilled, and why. */
  readonly policy: { readonly approvals: number; readonly reasons: readonly string[] }
  readonly checks: readonly { readonly check: string; readonly state: string }[]
  readonly approvers: readonly { readonly user: string; readonly at: string }[]
  readonly decidedAt: string
}

interface Statement {
  readonly _type: string
  readonly subject: readonly { readonly name: string; readonly digest: Readonly<Record<string, string>> }[]
  readonly predicateType: string
  readonly predicate: Approval
}

export interface ApprovedSubject {
  /** `name@version`. */
  readonly name: string
  /** SHA-512 of the tarball in hex. */
  readonly sha512: string
}

/** An in-toto statement: these people approve this tarball for this region. */
export function signApproval({ name, sha512 }: ApprovedSubject, predicate: Approval, key: KeyObject): Envelope {
  const statement: Statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name, digest: { sha512 } }],
    predicateType: approvalPredicate,
    predicate,
  }
  return signEnvelope(statementType, Buffer.from(JSON.stringify(statement)), [key])
}

/** @throws TrustError for another tarball or region, or too few different approvers */
export function openApproval(
  envelope: Envelope,
  keys: TrustedKeys,
  { name, sha512, region }: ApprovedSubject & { readonly region: string },
): Approval {
  const { subject, predicateType, predicate } = openByRole<Statement>(envelope, statementType, keys, {
    role: 'attestation',
    what: { id: 'what.approval', params: { name, region } },
    members: ['subject', 'predicateType', 'predicate'],
    time: (statement) => statement.predicate?.decidedAt,
  })
  const about = subject.some((one) => one.name === name && one.digest['sha512'] === sha512)
  if (!about || predicateType !== approvalPredicate || predicate.region !== region)
    throw distrust('other_subject', 'approval.other', { name, region })
  const people = new Set(predicate.approvers.map(({ user }) => user))
  if (people.size < Math.max(1, predicate.policy.approvals))
    throw distrust('other_subject', 'approval.people', { name, people: predicate.policy.approvals, region })
  return predicate
}
