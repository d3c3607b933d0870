import { Problem } from '@dcesop/sdk-plugin'
import type { ClientSession } from 'mongodb'
import type { NamesConfig } from '../config/config.ts'
import type { PackageName } from '../packages/names.ts'
import type { Database } from '../storage/database.ts'
import type { LogWish, TransparencyLog } from '../trust/log/transparency-log.ts'
import type { MemberRole, PackageDocument, ScopeDocument } from '../storage/documents.ts'
import { type Caller, isAdmin } from './caller.ts'

/** Whoever asks for a package of such a name gets something else. */
const ownAddresses: ReadonlySet<string> = new Set(['healthz', 'readyz'])

/** Publishers: each owns its scope, and its members publish there. */
export class Scopes {
  readonly #database: Database
  readonly #names: NamesConfig
  readonly #log: TransparencyLog

  constructor(database: Database, names: NamesConfig, log: TransparencyLog) {
    this.#database = database
    this.#log = log
    this.#names = names
  }

  find(scope: string): Promise<ScopeDocument | null> {
    return this.#database.scopes.findOne({ _id: scope })
  }

  ofUser(user: string): Promise<ScopeDocument[]> {
    return this.#database.scopes.find({ 'members.user': user }).sort({ _id: 1 }).toArray()
  }

  /** Whether the caller may publish and change packages of that name. @throws Problem 403 with what to do */
  async mayWrite(caller: Caller, { scope, full }: PackageName): Promise<void> {
    if (ownAddresses.has(full))
      throw new Problem(403, 'reserved_name', `/${full} is an address of the registry itself; choose another name.`)
    if (scope !== null) {
      const publisher = await this.find(scope)
      if (publisher?.members.some(({ user }) => user === caller.user)) return
      if (publisher) throw notMember(caller.user, scope)
      return this.#mayTake(caller, scope)
    }
    const present = await this.#database.packages.findOne({ _id: full })
    if (present) return this.requireOwner(caller, present)
    if (this.#names.unscoped === 'anyone' || isAdmin(caller, 'any')) return
    throw notOwned('Names without a scope are reserved to administrators; publish as @publisher/name.')
  }

  /** Packages without a scope have owners of their own. @throws Problem 403 */
  requireOwner(caller: Caller, { _id, scope, owners }: Pick<PackageDocument, '_id' | 'scope' | 'owners'>): void {
    if (scope !== null || owners.includes(caller.user) || isAdmin(caller, 'any')) return
    throw notOwned(`You are not an owner of ${_id}.`)
  }

  /** Makes the scope the caller's if nobody has it yet, as part of a publish. */
  async take({ user }: Caller, scope: string, session: ClientSession): Promise<void> {
    const first = { members: [{ user, role: 'owner' as const }], createdAt: new Date() }
    const { upsertedCount } = await this.#database.scopes.updateOne(
      { _id: scope },
      { $setOnInsert: first },
      { upsert: true, session },
    )
    const entry = { kind: 'scope.taken', subject: `@${scope}`, actor: user, body: { owner: user } }
    if (upsertedCount > 0) await this.#log.append(entry, session)
    const taken = await this.#database.scopes.findOne({ _id: scope }, { session })
    // Somebody may have been faster since `mayWrite`.
    if (!taken?.members.some((member) => member.user === user)) throw notMember(user, scope)
  }

  /** An administrator gives a free scope; its owners and admins change its members. @throws Problem 403, 404, 409 `last_owner` */
  async setMember(caller: Caller, scope: string, user: string, role: MemberRole): Promise<void> {
    await this.#mayManage(caller, scope)
    if (!(await this.#database.accounts.findOne({ _id: user })))
      throw new Problem(404, 'not_found', `There is no account "${user}".`)
    const entry = { kind: 'member.set', subject: `@${scope}`, actor: caller.user, body: { user, role } }
    await this.#change(scope, entry, (members) => [...members.filter((member) => member.user !== user), { user, role }])
  }

  /** @throws Problem 403, 404, 409 `last_owner` */
  async removeMember(caller: Caller, scope: string, user: string): Promise<void> {
    if (caller.user !== user) await this.#mayManage(caller, scope)
    const entry = { kind: 'member.removed', subject: `@${scope}`, actor: caller.user, body: { user } }
    await this.#change(scope, entry, (members) => members.filter((member) => member.user !== user))
  }

  async #mayTake(caller: Caller, scope: string): Promise<void> {
    if (caller.user === scope || isAdmin(caller, 'any')) return
    if (this.#names.scopes !== 'open')
      throw notOwned(`Nobody was given @${scope} yet; an administrator grants it: npm org set ${scope} <user> owner.`)
    if (await this.#database.accounts.findOne({ _id: scope }, { projection: { _id: 1 } }))
      throw notOwned(`@${scope} belongs to the account of that name.`)
  }

  async #mayManage(caller: Caller, scope: string): Promise<void> {
    if (isAdmin(caller, 'any')) return
    const publisher = await this.find(scope)
    const role = publisher?.members.find(({ user }) => user === caller.user)?.role
    if (!role) throw notMember(caller.user, scope)
    if (role === 'developer') throw notOwned(`Owners and admins of @${scope} change its members.`)
  }

  async #change(
    scope: string,
    entry: LogWish,
    change: (members: ScopeDocument['members']) => ScopeDocument['members'],
  ): Promise<void> {
    await this.#database.transaction(async (session) => {
      const present = await this.#database.scopes.findOne({ _id: scope }, { session })
      const members = change(present?.members ?? [])
      if (!members.some(({ role }) => role === 'owner'))
        throw new Problem(409, 'last_owner', `@${scope} would be left without an owner.`)
      const createdAt = new Date()
      await this.#database.scopes.updateOne(
        { _id: scope },
        { $set: { members }, $setOnInsert: { createdAt } },
        { upsert: true, session },
      )
      await this.#log.append(entry, session)
    })
  }
}

function notMember(user: string, scope: string): Problem {
  return notOwned(
    `You ("${user}") are not a member of @${scope}. An owner of it lets you in: npm org set ${scope} ${user} developer.`,
  )
}

function notOwned(detail: string): Problem {
  return new Problem(403, 'scope_not_owned', detail)
}
