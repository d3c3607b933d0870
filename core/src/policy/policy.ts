import { toDisposable, type Disposable, type Identity } from '@dcesop/sdk-plugin'
import type { AccessRequest, Decision, Log, PermissionDefinition, PolicyPort } from '../ports.ts'
import { ceilingOf, type PermissionRule, type PolicyTable } from './table.ts'

/** A permission in force, for documents and tests. */
export interface PermissionInForce extends PermissionRule {
  readonly id: string
  /** Plugin that defined it; `platform` for those of the table alone. */
  readonly owner: string
}

interface Definition {
  readonly owner: string
  readonly standsIn: boolean
  readonly rule: PermissionRule
}

/** The policy table joined with what plugins define. Every answer, to the API, to the UI and in the docs, comes from here. */
export class Policy implements PolicyPort {
  readonly table: PolicyTable
  readonly #log: Log
  /** By permission, what is installed first: it rules, and a build in development waits until that is taken back. */
  readonly #defined = new Map<string, Definition[]>()
  readonly #byRole = new Map<string, ReadonlySet<string>>()
  #version = 0

  constructor(table: PolicyTable, log: Log) {
    this.table = table
    this.#log = log
  }

  /** Grows with each change, so that a cached set of permissions can be told to be stale. */
  get version(): number {
    return this.#version
  }

  /** Machines hold the scopes of their token; people hold what the table gives their roles, within their regions. */
  decide(identity: Identity, { permission, region }: AccessRequest): Decision {
    if (!this.#holds(identity, permission)) return { allowed: false, reason: 'permission' }
    if (region !== undefined && !identity.regions.includes(region)) return { allowed: false, reason: 'region' }
    return { allowed: true }
  }

  /** What people of these roles may do. */
  permissionsOf(roles: readonly string[]): ReadonlySet<string> {
    return new Set(roles.flatMap((role) => [...this.#ofRole(role)]))
  }

  /**
   * A role above the ceiling of the sensitivity is left out and logged: a manifest suggests, the table rules. So is a permission that
   * is not named after the plugin: nobody says who may do what in another one.
   */
  define(owner: string, permissions: readonly PermissionDefinition[], standsIn = false): Disposable {
    const foreign = permissions.map(({ id }) => id).filter((id) => !id.startsWith(`${owner}:`))
    if (foreign.length > 0) this.#log.warn({ owner, permissions: foreign }, 'permissions of others were left out')
    const own = permissions.filter(({ id }) => !foreign.includes(id))
    const added = own.map(({ id, sensitivity, defaultRoles }): [string, Definition] => {
      const ceiling = ceilingOf(this.table, sensitivity)
      const refused = defaultRoles.filter((role) => !ceiling.includes(role))
      if (refused.length > 0)
        this.#log.warn(
          { owner, permission: id, sensitivity, refused },
          'roles above the ceiling of the sensitivity were left out',
        )
      return [
        id,
        { owner, standsIn, rule: { sensitivity, roles: defaultRoles.filter((role) => ceiling.includes(role)) } },
      ]
    })
    for (const [id, definition] of added) {
      const all = [...(this.#defined.get(id) ?? []), definition]
      this.#defined.set(
        id,
        all.sort((one, other) => Number(one.standsIn) - Number(other.standsIn)),
      )
    }
    this.#changed()
    return toDisposable(() => {
      for (const [id, definition] of added) {
        const left = (this.#defined.get(id) ?? []).filter((one) => one !== definition)
        if (left.length > 0) this.#defined.set(id, left)
        else this.#defined.delete(id)
      }
      this.#changed()
    })
  }

  /** Every permission in force, sorted by id. */
  inForce(): readonly PermissionInForce[] {
    const rows = new Map<string, PermissionInForce>()
    for (const [id, [first]] of this.#defined) if (first) rows.set(id, { id, owner: first.owner, ...first.rule })
    for (const [id, rule] of Object.entries(this.table.permissions))
      rows.set(id, { id, owner: rows.get(id)?.owner ?? 'platform', ...rule })
    return [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  #holds({ kind, permissions, roles }: Identity, permission: string): boolean {
    if (kind === 'machine') return permissions.has(permission)
    return roles.some((role) => this.#ofRole(role).has(permission))
  }

  #ofRole(role: string): ReadonlySet<string> {
    const known = this.#byRole.get(role)
    if (known) return known
    const permissions = new Set(
      this.inForce()
        .filter((row) => row.roles.includes(role))
        .map((row) => row.id),
    )
    this.#byRole.set(role, permissions)
    return permissions
  }

  #changed(): void {
    this.#byRole.clear()
    this.#version += 1
  }
}
