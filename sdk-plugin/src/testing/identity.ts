import type { Identity } from '../backend/identity.ts'

/** Someone who makes a request in a test; by default an agent of region br with the given permissions. */
export function testIdentity(permissions: readonly string[], change: Partial<Identity> = {}): Identity {
  return {
    subject: 'test-agent',
    kind: 'employee',
    displayName: 'Test Agent',
    roles: ['agent'],
    permissions: new Set(permissions),
    regions: ['br'],
    locale: 'es',
    sessionId: 'test-session',
    ...change,
  }
}
