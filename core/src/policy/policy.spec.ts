import type { Identity } from '@dcesop/sdk-plugin'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLog } from '../observability/log.ts'
import { policyDocument } from './document.ts'
import { Policy } from './policy.ts'
import { readPolicyTable } from './read-table.ts'
import { parsePolicyTable } from './table.ts'

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

/** The whole matrix, written by hand from the mission's P1 to P3 and the architecture page. */
const expected: Record<string, string[]> = {
  'dev:override': ['regional-manager', 'system-admin'],
  'diagnostics:usage': ['agent'],
  'platform.audit:read': ['system-admin'],
  'platform.metrics:read': ['system-admin'],
  'platform.plugins:manage': ['system-admin', 'registry-admin'],
  'platform.plugins:manage-region': ['regional-manager', 'system-admin', 'registry-admin'],
  'platform.plugins:read': ['regional-manager', 'system-admin', 'registry-admin'],
}

describe('policy', () => {
  it.each(Object.entries(expected))('%s is held by exactly %j', (permission, holders) => {
    const policy = newPolicy()
    const actual = Object.keys(table.roles).filter((role) => policy.allows(identity(role), { permission }))
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
    expect(policy.allows(identity('agent'), { permission: 'diagnostics:usage', region: 'br' })).toBe(true)
    expect(policy.allows(identity('agent'), { permission: 'diagnostics:usage', region: 'mx' })).toBe(false)
  })

  it('joins what a plugin defines, until it is taken back', () => {
    const policy = newPolicy()
    const before = policy.version
    const defined = policy.define('offers', [
      { id: 'offers:view', labelKey: 'x', sensitivity: 'low', defaultRoles: ['agent'] },
    ])
    expect(policy.allows(identity('agent'), { permission: 'offers:view' })).toBe(true)
    expect(policy.version).toBeGreaterThan(before)
    void defined.dispose()
    expect(policy.allows(identity('agent'), { permission: 'offers:view' })).toBe(false)
  })

  it('keeps what two define until both take it back, by the words of the first', async () => {
    const policy = newPolicy()
    const view = (role: string) => [
      { id: 'offers:view', labelKey: 'x', sensitivity: 'low' as const, defaultRoles: [role] },
    ]
    const held = () =>
      ['agent', 'executive'].filter((role) => policy.allows(identity(role), { permission: 'offers:view' }))
    const first = policy.define('offers', view('agent'))
    const second = policy.define('offers', view('executive'))
    expect(held()).toEqual(['agent'])
    await first.dispose()
    expect(held()).toEqual(['executive'])
    await second.dispose()
    expect(held()).toEqual([])
  })

  it('keeps a plugin below the ceiling of the sensitivity and below the table', () => {
    const policy = newPolicy()
    policy.define('billing', [
      { id: 'billing:refund', labelKey: 'x', sensitivity: 'high', defaultRoles: ['agent', 'regional-manager'] },
      { id: 'platform.audit:read', labelKey: 'x', sensitivity: 'low', defaultRoles: ['agent'] },
      { id: 'diagnostics:usage', labelKey: 'x', sensitivity: 'low', defaultRoles: ['executive'] },
    ])
    expect(policy.allows(identity('agent'), { permission: 'billing:refund' })).toBe(false)
    expect(policy.allows(identity('regional-manager'), { permission: 'billing:refund' })).toBe(true)
    expect(policy.allows(identity('agent'), { permission: 'platform.audit:read' })).toBe(false)
    expect(policy.allows(identity('executive'), { permission: 'diagnostics:usage' })).toBe(false)
  })

  it('gives machines their scopes and nothing of the roles', () => {
    const policy = newPolicy()
    const machine = identity('machine', ['diagnostics:ingest'])
    expect(policy.allows(machine, { permission: 'diagnostics:ingest', region: 'br' })).toBe(true)
    expect(policy.allows(machine, { permission: 'diagnostics:ingest', region: 'co' })).toBe(false)
    expect(policy.allows(machine, { permission: 'diagnostics:usage', region: 'br' })).toBe(false)
  })

  it('refuses a table that gives a role more than its sensitivity may', () => {
    const wrong = { ...table, permissions: { 'billing:refund': { sensitivity: 'high', roles: ['agent'] } } }
    expect(() => parsePolicyTable(wrong)).toThrow('"billing:refund" is high, which "agent" may never hold')
  })

  it('is what docs/policy.md says', () => {
    expect(readFileSync(join(root, 'docs/policy.md'), 'utf8')).toBe(policyDocument(table, newPolicy().inForce()))
  })
})
