import type { RegionDecision } from '@dcesop/sdk-plugin/contracts'
import { type Approval, type Envelope, openApproval, signApproval } from '@dcesop/sdk-plugin/signing'
import { createHash } from 'node:crypto'
import type { ClientSession } from 'mongodb'
import { findVersion } from '../../governance/find-version.ts'
import { governanceCollections } from '../../governance/governance-documents.ts'
import type { Caller } from '../../identity/caller.ts'
import type { Database } from '../../storage/database.ts'
import type { RegistryKeys } from '../../trust/keys/registry-keys.ts'
import type { TransparencyLog } from '../../trust/log/transparency-log.ts'
import type { ForeignBundle, ForeignPackage } from './open-foreign-bundle.ts'
import type { OriginDocument, Origins } from './origins.ts'

export interface ForeignApprovalsDeps {
  readonly database: Database
  readonly keys: RegistryKeys
  readonly log: TransparencyLog
  readonly origins: Origins
}

/** Approvals that another registry attested: kept as they were signed, and attested again by this registry's own key. */
export class ForeignApprovals {
  readonly #deps: ForeignApprovalsDeps

  constructor(deps: ForeignApprovalsDeps) {
    this.#deps = deps
  }

  /** Takes over those of regions where nobody decided here, and notes where the version is from. @returns their regions */
  async take(
    caller: Caller,
    bundle: ForeignBundle,
    one: ForeignPackage,
    session: ClientSession,
  ): Promise<readonly string[]> {
    const { database, origins } = this.#deps
    const id = `${one.name}@${one.version}`
    const { governance } = await findVersion(database, one.name, one.version, session)
    const decided = new Set(governance.regions.map(({ region }) => region))
    const open = Object.entries(one.approvals).filter(([region]) => !decided.has(region))
    const known = await origins.find(id, session)
    if (open.length === 0 && known?.root === bundle.root) return []
    const taken: RegionDecision[] = []
    for (const [region, attestation] of open)
      taken.push(await this.#decide(caller, bundle, one, region, attestation, session))
    const regions = [...governance.regions, ...taken].sort((left, right) => (left.region < right.region ? -1 : 1))
    await governanceCollections(database).governance.updateOne({ _id: id }, { $set: { regions } }, { session })
    await origins.keep({ ...originOf(caller, bundle, one), yank: known?.yank ?? null }, session)
    return taken.map(({ region }) => region)
  }

  async #decide(
    caller: Caller,
    { root, keys }: ForeignBundle,
    { name, version, integrity }: ForeignPackage,
    region: string,
    foreign: Envelope,
    session: ClientSession,
  ): Promise<RegionDecision> {
    const id = `${name}@${version}`
    const subject = { name: id, sha512: Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex') }
    const approval: Approval = openApproval(foreign, keys, { ...subject, region })
    const predicate = { ...approval, decidedAt: new Date().toISOString() }
    const attestation = signApproval(subject, predicate, this.#deps.keys.signer('attestation'))
    const { policy, approvers } = approval
    const digest = createHash('sha256').update(Buffer.from(foreign.payload, 'base64')).digest('hex')
    const body = { region, state: 'approved', policy, integrity, root, digest, approvers }
    const entry = { kind: 'decision.imported', subject: id, actor: caller.user, body, package: name, region }
    await this.#deps.log.append(entry, session)
    const approvals = approvers.map(({ user, at }) => ({
      user,
      at,
      comment: `attested by the registry of root ${root}`,
    }))
    return { region, state: 'approved', approvals, policy, rejection: null, appeal: null, attestation }
  }
}

function originOf({ user }: Caller, { root, snapshot }: ForeignBundle, one: ForeignPackage): OriginDocument {
  return {
    _id: `${one.name}@${one.version}`,
    root,
    snapshot: snapshot.number,
    logSize: snapshot.logSize,
    logRoot: snapshot.logRoot,
    log: one.log,
    signatures: one.signatures,
    publishedAt: one.publishedAt,
    approvals: Object.entries(one.approvals).map(([region, attestation]) => ({ region, attestation })),
    importedBy: user,
    importedAt: new Date().toISOString(),
  }
}
