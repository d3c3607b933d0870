import type { Identity } from '@dcesop/sdk-plugin'
import { roles } from '@dcesop/sdk-plugin/contracts'
import { createAjv } from '@dcesop/sdk-plugin/http'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLog } from '../observability/log.ts'
import { policyDocument } from './document.ts'
import { Policy } from './policy.ts'
import { readPolicyTable } from './read-table.ts'
import { parsePolicyTable, policySchema } from './table.ts'

const root = join(import.meta.dirname, '../../..')
const table = readPolicyTable(root)
const newPolicy = () => new Policy(table, createLog('silent'))

function identity(role: string, permissions: string[] = []): Identity {
  const kind = role === 'machine' ? 'machine' : role === 'customer' ? 'customer' : 'employee'
  const roles = role === 'machine' ? [] : [role]
  return {
    subject: 's',
    kind,
    displayName: role,
    roles,
    permissions: new Set(permissions),
    regions: ['br'],
    locale: 'es',
    sessionId: 'x',
  }
}

it('reads the table by a schema that is a JSON Schema', () => {
  expect(createAjv({ strict: true }).validateSchema(policySchema)).toBe(true)
})

/** The whole matrix, written by hand from the mission's P1 to P3 and the architecture page. */
const expected: Record<string, string[]> = {
  'dev:override': ['regional-manager', 'system-admin'],
  'diagnostics:usage': ['agent'],
  'platform.accounts:reset-password': ['regional-manager', 'system-admin'],
  'platform.audit:read': ['system-admin'],
  'platform.metrics:read': ['system-admin'],
  'platform.plugins:manage': ['system-admin', 'registry-admin'],
  'platform.plugins:manage-region': ['regional-manager', 'system-admin', 'registry-admin'],
  'platform.plugins:read': ['regional-manager', 'system-admin', 'registry-admin'],
}

describe('policy', () => {
  it('has the roles that manifests may name', () => {
    expect(Object.keys(table.roles)).toEqual(roles)
  })

  it.each(Object.entries(expected))('%s is held by exactly %j', (permission, holders) => {
    const policy = newPolicy()
    const actual = Object.keys(table.roles).filter((role) => policy.decide(identity(role), { permission }).allowed)
    expect(actual).toEqual(holders)
    // The UI's set is the same answer as the API's.
    expect(Object.keys(table.roles).filter((role) => policy.permissionsOf([role]).has(permission))).toEqual(holders)
  })

  it('has no permission outside the matrix', () => {
    expect(
      newPolicy()
        .inForce()
        .map(({ id }) => id),
    ).toEqual(Object.keys(expected))
  })

  it('holds a permission only in the regions of the identity', () => {
    const policy = newPolicy()
    expect(policy.decide(identity('agent'), { permission: 'diagnostics:usage', region: 'br' }).allowed).toBe(true)
    expect(policy.decide(identity('agent'), { permission: 'diagnostics:usage', region: 'mx' }).allowed).toBe(false)
  })

  it('says why not: without the permission, or with it elsewhere', () => {
    const decide = (permission: string, region: string) => newPolicy().decide(identity('agent'), { permission, region })
    expect(decide('diagnostics:usage', 'mx')).toEqual({ allowed: false, reason: 'region' })
    expect(decide('platform.audit:read', 'mx')).toEqual({ allowed: false, reason: 'permission' })
  })

  it('joins what a plugin defines, until it is taken back', () => {
    const policy = newPolicy()
    const before = policy.version
    const defined = policy.define('offers', [
      { id: 'offers:view', labelKey: 'x', sensitivity: 'low', defaultRoles: ['agent'] },
    ])
    expect(policy.decide(identity('agent'), { permission: 'offers:view' }).allowed).toBe(true)
    expect(policy.version).toBeGreaterThan(before)
    void defined.dispose()
    expect(policy.decide(identity('agent'), { permission: 'offers:view' }).allowed).toBe(false)
  })

  it('keeps what two define until both take it back, by the words of the first', async () => {
    const policy = newPolicy()
    const view = (role: string) => [
      { id: 'offers:view', labelKey: 'x', sensitivity: 'low' as const, defaultRoles: [role] },
    ]
    const held = () =>
      ['agent', 'executive'].filter((role) => policy.decide(identity(role), { permission: 'offers:view' }).allowed)
    const first = policy.define('offers', view('agent'))
    const second = policy.define('offers', view('executive'))
    expect(held()).toEqual(['agent'])
    await first.dispose()
    expect(held()).toEqual(['executive'])
    await second.dispose()
    expect(held()).toEqual([])
  })

  it('lets no plugin say who may do what in another one, whichever starts first', () => {
    const policy = newPolicy()
    const view = (role: string) => [
      { id: 'offers:view', labelKey: 'x', sensitivity: 'low' as const, defaultRoles: [role] },
    ]
    policy.define('stranger', view('agent'))
    policy.define('offers', view('executive'))
    policy.define('offers-too', view('agent'))
    policy.define('offers', view('agent'), true)
    expect(policy.decide(identity('executive'), { permission: 'offers:view' }).allowed).toBe(true)
    expect(policy.decide(identity('agent'), { permission: 'offers:view' }).allowed).toBe(false)
  })

  it('takes no name of another plugin or of the platform, also where nobody has it yet', () => {
    const policy = newPolicy()
    const before = policy.inForce()
    for (const id of ['offers:view', 'stranger.more:view', 'platform.keys:read', 'platform.audit:read'])
      policy.define('stranger', [{ id, labelKey: 'x', sensitivity: 'low', defaultRoles: ['agent'] }])
    expect(policy.inForce()).toEqual(before)
  })

  it('lets a build in development rule what is not installed, and nothing else, whichever comes first', async () => {
    const policy = newPolicy()
    const view = (role: string) => [
      { id: 'offers:view', labelKey: 'x', sensitivity: 'low' as const, defaultRoles: [role] },
    ]
    const held = () =>
      ['agent', 'executive'].filter((role) => policy.decide(identity(role), { permission: 'offers:view' }).allowed)
    policy.define('offers', view('agent'), true)
    expect(held()).toEqual(['agent'])
    const installed = policy.define('offers', view('executive'))
    expect(held()).toEqual(['executive'])
    await installed.dispose()
    expect(held()).toEqual(['agent'])
  })

  it('keeps a plugin below the ceiling of the sensitivity and below the table', () => {
    const policy = newPolicy()
    policy.define('billing', [
      { id: 'billing:refund', labelKey: 'x', sensitivity: 'high', defaultRoles: ['agent', 'regional-manager'] },
      { id: 'platform.audit:read', labelKey: 'x', sensitivity: 'low', defaultRoles: ['agent'] },
      { id: 'diagnostics:usage', labelKey: 'x', sensitivity: 'low', defaultRoles: ['executive'] },
    ])
    expect(policy.decide(identity('agent'), { permission: 'billing:refund' }).allowed).toBe(false)
    expect(policy.decide(identity('regional-manager'), { permission: 'billing:refund' }).allowed).toBe(true)
    expect(policy.decide(identity('agent'), { permission: 'platform.audit:read' }).allowed).toBe(false)
    expect(policy.decide(identity('executive'), { permission: 'diagnostics:usage' }).allowed).toBe(false)
  })

  it('gives machines their scopes and nothing of the roles', () => {
    const policy = newPolicy()
    const machine = identity('machine', ['diagnostics:ingest'])
    expect(policy.decide(machine, { permission: 'diagnostics:ingest', region: 'br' }).allowed).toBe(true)
    expect(policy.decide(machine, { permission: 'diagnostics:ingest', region: 'co' }).allowed).toBe(false)
    expect(policy.decide(machine, { permission: 'diagnostics:usage', region: 'br' }).allowed).toBe(false)
  })

  it('refuses a table that gives a role more than its sensitivity may', () => {
    const wrong = { ...table, permissions: { 'billing:refund': { sensitivity: 'high', roles: ['agent'] } } }
    expect(() => parsePolicyTable(wrong)).toThrow('"billing:refund" is high, which "agent" may never hold')
  })

  it('is what docs/policy.md says', () => {
    expect(readFileSync(join(root, 'docs/policy.md'), 'utf8')).toBe(policyDocument(table, newPolicy().inForce()))
  })
})
