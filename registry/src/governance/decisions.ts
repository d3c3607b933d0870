import type { RegionDecision } from '@dcesop/sdk-plugin/contracts'
import { Problem } from '@dcesop/sdk-plugin'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { signApproval } from '@dcesop/sdk-plugin/signing'
import type { ClientSession } from 'mongodb'
import semver from 'semver'
import type { GovernanceConfig } from '../config/config.ts'
import type { Caller } from '../identity/caller.ts'
import type { Scopes } from '../identity/scopes.ts'
import type { Database } from '../storage/database.ts'
import type { RegistryKeys } from '../trust/keys/registry-keys.ts'
import type { TransparencyLog } from '../trust/log/transparency-log.ts'
import { neededApprovals } from './approval-policy.ts'
import { findVersion, type FoundVersion, requireSeen } from './find-version.ts'
import { governanceCollections } from './governance-documents.ts'
import { refused } from './refusals.ts'
import { isMember, requireReviewer, requireStranger } from './rights.ts'

export interface DecisionsDeps {
  readonly database: Database
  readonly scopes: Scopes
  readonly keys: RegistryKeys
  readonly log: TransparencyLog
  readonly config: GovernanceConfig
}

export interface DecisionWish {
  readonly region: string
  readonly decision: 'approve' | 'reject' | 'appeal'
  readonly rule?: string
  readonly evidence?: string
  readonly comment?: string
}

/** What regions decide about versions: approvals by as many people as the policy wants, rejections with a reason, appeals. */
export class Decisions {
  readonly #deps: DecisionsDeps

  constructor(deps: DecisionsDeps) {
    this.#deps = deps
  }

  /** @throws Problem 403 for who may not, 404, 409 when the state of the version does not allow it, 412 when it is not what was seen */
  async decide(
    caller: Caller,
    id: string,
    number: string,
    wish: DecisionWish,
    ifMatch?: string,
  ): Promise<RegionDecision> {
    const { database, log } = this.#deps
    return database.transaction(async (session) => {
      const found = await findVersion(database, id, number, session)
      requireSeen(ifMatch, found)
      const { governance, version } = found
      const present = governance.regions.find(({ region }) => region === wish.region) ?? undecided(wish.region)
      const next = await this.#next(caller, found, present, wish, session)
      const regions = [...governance.regions.filter(({ region }) => region !== wish.region), next].sort((left, right) =>
        left.region < right.region ? -1 : 1,
      )
      await governanceCollections(database).governance.updateOne(
        { _id: version._id },
        { $set: { regions } },
        { session },
      )
      const { region, decision, ...why } = wish
      const body = { region, ...why, state: next.state, policy: next.policy, integrity: version.dist.integrity }
      const kind = `decision.${decision === 'approve' ? 'approved' : decision === 'reject' ? 'rejected' : 'appealed'}`
      const entry = { kind, subject: version._id, actor: caller.user, body, package: version.package, region }
      await log.append(entry, session)
      return next
    })
  }

  async #next(
    caller: Caller,
    found: FoundVersion,
    present: RegionDecision,
    wish: DecisionWish,
    session: ClientSession,
  ): Promise<RegionDecision> {
    const { manifest, scope, version } = found
    if (!manifest) throw refused('library', { version: version._id })
    if (wish.decision === 'appeal') return this.#appealed(caller, found, present, wish)
    requireReviewer(caller, wish.region)
    await requireStranger(this.#deps.scopes, caller, version, scope)
    if (wish.decision === 'reject') return rejected(caller, present, wish)
    const approved = await this.#approvedBefore(found, wish.region, session)
    return this.#approved(caller, found, present, wish, neededApprovals(manifest, scope, approved, this.#deps.config))
  }

  #approved(
    caller: Caller,
    { version, governance }: FoundVersion,
    present: RegionDecision,
    { comment = '', region }: DecisionWish,
    policy: RegionDecision['policy'],
  ): RegionDecision {
    const { user } = caller
    const { flags } = governance
    if (version.yank) throw refused('yanked', { version: version._id })
    if (flags.length > 0) throw refused('flagged', { version: version._id, flags })
    if (present.state === 'approved') throw refused('approved', { version: version._id, region })
    if (present.state === 'rejected') throw refused('rejected')
    if (present.approvals.some((approval) => approval.user === user)) throw refused('own_approval')
    if (present.state === 'appealed' && present.rejection?.user === user) throw refused('own_rejection')
    const at = new Date().toISOString()
    const approvals = [...present.approvals, { user, at, comment }]
    if (approvals.length < policy.approvals) return { ...present, approvals, policy }
    const predicate = {
      region,
      policy,
      checks: version.checks.map(({ check, state }) => ({ check, state })),
      approvers: approvals.map((approval) => ({ user: approval.user, at: approval.at })),
      decidedAt: at,
    }
    const subject = { name: version._id, sha512: version.blob }
    const attestation = signApproval(subject, predicate, this.#deps.keys.signer('attestation'))
    return { ...present, state: 'approved', approvals, policy, attestation }
  }

  async #appealed(
    caller: Caller,
    { scope, version }: FoundVersion,
    present: RegionDecision,
    { evidence, comment }: DecisionWish,
  ): Promise<RegionDecision> {
    if (!(await isMember(this.#deps.scopes, caller, scope)))
      throw new Problem(403, 'scope_not_owned', 'The publisher of a plugin appeals.')
    if (present.state !== 'rejected') throw refused('not_rejected', { version: version._id, region: present.region })
    const reason = [comment, evidence].filter(Boolean).join('\n')
    if (reason === '') throw new Problem(400, 'invalid_request', 'Say why: "comment" or "evidence".')
    return { ...present, state: 'appealed', appeal: { user: caller.user, at: new Date().toISOString(), reason } }
  }

  /** Manifest of the newest other version that is approved in the region. */
  async #approvedBefore(
    { version }: FoundVersion,
    region: string,
    session: ClientSession,
  ): Promise<PluginManifest | null> {
    const { database } = this.#deps
    const filter = { package: version.package, regions: { $elemMatch: { region, state: 'approved' as const } } }
    const others = await governanceCollections(database).governance.find(filter, { session }).toArray()
    const newest = others.map((other) => other.version).sort(semver.rcompare)[0]
    if (newest === undefined) return null
    const found = await database.versions.findOne({ _id: `${version.package}@${newest}` }, { session })
    return JSON.parse(found?.plugin ?? 'null') as PluginManifest | null
  }
}

/** An approved version can be rejected as well: with that its approval is taken back. */
function rejected(caller: Caller, present: RegionDecision, { rule, evidence }: DecisionWish): RegionDecision {
  if (!rule || !evidence) throw new Problem(400, 'invalid_request', 'A rejection names its "rule" and the "evidence".')
  const rejection = { user: caller.user, at: new Date().toISOString(), rule, evidence }
  return { ...present, state: 'rejected', approvals: [], rejection, appeal: null, attestation: null }
}

function undecided(region: string): RegionDecision {
  const policy = { approvals: 0, reasons: [] }
  return { region, state: 'pending', approvals: [], policy, rejection: null, appeal: null, attestation: null }
}
