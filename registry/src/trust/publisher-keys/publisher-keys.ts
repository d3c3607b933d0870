import { Problem } from '@dcesop/sdk-plugin'
import { createPublicKey } from 'node:crypto'
import { keyIdOf } from '@dcesop/sdk-plugin/signing'
import { governanceCollections } from '../../governance/governance-documents.ts'
import { type Caller, isAdmin } from '../../identity/caller.ts'
import type { Scopes } from '../../identity/scopes.ts'
import { type Database, isDuplicateKey } from '../../storage/database.ts'
import type { TransparencyLog } from '../log/transparency-log.ts'
import { checkKeyProof, readPublisherKey } from './key-proof.ts'
import { isActive, publisherKeyCollection, type PublisherKeyDocument } from './publisher-key-documents.ts'

const revokedKeyFlag = 'publisher-key-revoked'

export interface PublisherKeysDeps {
  readonly database: Database
  readonly scopes: Scopes
  readonly log: TransparencyLog
  readonly overlapDays: number
}

/** The keys by which publishers sign: registered with proof, verified by an administrator or by the key before, and revocable. */
export class PublisherKeys {
  readonly #deps: PublisherKeysDeps
  readonly #keys

  constructor(deps: PublisherKeysDeps) {
    this.#deps = deps
    this.#keys = publisherKeyCollection(deps.database)
  }

  async prepare(): Promise<void> {
    await this.#keys.createIndex({ publisher: 1, registeredAt: 1 })
    await governanceCollections(this.#deps.database).governance.createIndex({ signers: 1 })
    await governanceCollections(this.#deps.database).governance.createIndex({ package: 1 })
    await governanceCollections(this.#deps.database).governance.createIndex({ plugin: 1 })
  }

  list(publisher: string): Promise<PublisherKeyDocument[]> {
    return this.#keys.find({ publisher }).sort({ registeredAt: 1 }).toArray()
  }

  /** Signed by a present key as well, the new one replaces it at once, with an overlap. @throws Problem 400, 403, 409 `key_exists` */
  async register(caller: Caller, publisher: string, pem: string, proof: unknown): Promise<PublisherKeyDocument> {
    await this.#mayManage(caller, publisher)
    const key = readPublisherKey(pem)
    const present = (await this.list(publisher)).filter((one) => isActive(one, new Date()))
    const publicKeys = present.map(({ _id, spki }) => [_id, publicKeyOf(spki)] as const)
    const vouching = checkKeyProof(proof, key, { publisher, account: caller.user }, new Map(publicKeys))
    const now = new Date()
    const document: PublisherKeyDocument = {
      _id: keyIdOf(key),
      publisher,
      spki: key.export({ type: 'spki', format: 'der' }).toString('base64'),
      state: vouching.length > 0 ? 'active' : 'pending',
      registeredBy: caller.user,
      registeredAt: now,
      verifiedBy: vouching[0] ?? null,
      from: vouching.length > 0 ? now : null,
      until: null,
      revoked: null,
    }
    const until = new Date(now.getTime() + this.#deps.overlapDays * 24 * 60 * 60 * 1000)
    try {
      await this.#deps.database.transaction(async (session) => {
        await this.#keys.insertOne(document, { session })
        const replaced = { _id: { $in: vouching }, state: 'active', until: null } as const
        await this.#keys.updateMany(replaced, { $set: { until } }, { session })
        const body = { keyid: document._id, state: document.state, replaces: vouching }
        const wish = { kind: 'publisher-key.registered', subject: `@${publisher}`, actor: caller.user, body }
        await this.#deps.log.append(wish, session)
      })
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
      throw new Problem(
        409,
        'key_exists',
        `Key ${document._id} is registered already; a key is never used twice. Make another: dcesop keygen FILE.pem.`,
      )
    }
    return document
  }

  /** Somebody else than who registered it says that it is the publisher's. @throws Problem 403, 404, 409 */
  async verify(caller: Caller, publisher: string, keyid: string): Promise<void> {
    if (!isAdmin(caller, 'any')) throw new Problem(403, 'forbidden', 'Administrators verify the keys of publishers.')
    const key = await this.#find(publisher, keyid)
    if (key.registeredBy === caller.user)
      throw new Problem(403, 'second_person_required', 'Another administrator than who registered the key verifies it.')
    await this.#deps.database.transaction(async (session) => {
      const change = { state: 'active' as const, verifiedBy: caller.user, from: new Date() }
      const { matchedCount } = await this.#keys.updateOne(
        { _id: keyid, state: 'pending' },
        { $set: change },
        { session },
      )
      if (matchedCount === 0) throw new Problem(409, 'conflict', `Key ${keyid} does not wait for verification.`)
      const wish = { kind: 'publisher-key.verified', subject: `@${publisher}`, actor: caller.user, body: { keyid } }
      await this.#deps.log.append(wish, session)
    })
  }

  /** Flags what the key signed: hosts and resolves leave it out. @returns ids of those versions */
  async revoke(caller: Caller, publisher: string, keyid: string, reason: string): Promise<string[]> {
    if (!isAdmin(caller, 'any')) await this.#mayManage(caller, publisher)
    await this.#find(publisher, keyid)
    const { database, log } = this.#deps
    const { governance } = governanceCollections(database)
    return database.transaction(async (session) => {
      const present = await this.#keys.findOne({ _id: keyid }, { session })
      const signed = await governance.find({ signers: keyid }, { session, projection: { package: 1 } }).toArray()
      const ids = signed.map(({ _id }) => _id)
      if (present?.state === 'revoked') return ids
      const revoked = { by: caller.user, at: new Date(), reason }
      await this.#keys.updateOne({ _id: keyid }, { $set: { state: 'revoked', revoked } }, { session })
      await governance.updateMany({ signers: keyid }, { $addToSet: { flags: revokedKeyFlag } }, { session })
      const body = { keyid, reason, versions: ids }
      await log.append({ kind: 'publisher-key.revoked', subject: `@${publisher}`, actor: caller.user, body }, session)
      for (const { _id, package: name } of signed) {
        const flagged = {
          kind: 'version.flagged',
          subject: _id,
          actor: 'registry',
          body: { flag: revokedKeyFlag, keyid },
        }
        await log.append({ ...flagged, package: name }, session)
      }
      return ids
    })
  }

  async #find(publisher: string, keyid: string): Promise<PublisherKeyDocument> {
    const key = await this.#keys.findOne({ _id: keyid, publisher })
    if (!key) throw new Problem(404, 'not_found', `@${publisher} has no key ${keyid}.`)
    return key
  }

  async #mayManage({ user }: Caller, publisher: string): Promise<void> {
    const role = (await this.#deps.scopes.find(publisher))?.members.find((member) => member.user === user)?.role
    if (role === 'owner' || role === 'admin') return
    throw new Problem(403, 'scope_not_owned', `Owners and admins of @${publisher} change its keys.`)
  }
}

function publicKeyOf(spki: string) {
  return createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' })
}
