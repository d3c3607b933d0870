import { type Identity, type Log, Problem, toDisposable } from '@dcesop/sdk-plugin'
import type { AuditPort, AuditRecord, Authenticator, PolicyPort, RealtimeHub, StepUpPort } from '../../ports.ts'

/** Identities of the harness by the value of the test header `x-user`: `agent`, many of a kind as `agent-7`, of one region as `agent-7@mx`. */
const people: Readonly<Record<string, readonly string[]>> = {
  agent: ['demo:use', 'other:use'],
  guest: [],
  regional: ['platform.plugins:read', 'platform.plugins:manage-region'],
  admin: ['demo:use', 'platform.plugins:read', 'platform.plugins:manage'],
  author: ['demo:use', 'other:use', 'dev:override'],
}

export function identityOf(name: string): Identity | undefined {
  const [subject = name, region] = name.split('@')
  const role = subject.split('-', 1)[0] as string
  if (!(role in people)) return undefined
  return {
    subject,
    kind: 'employee',
    displayName: subject,
    roles: [role],
    permissions: new Set(people[role]),
    regions: region === undefined ? ['br', 'mx'] : [region],
    locale: 'en',
    sessionId: `s-${name}`,
  }
}

/** Signs in by header and notes which requests were counted as activity. */
export function headerAuthenticator(): Authenticator & { readonly activities: boolean[] } {
  const activities: boolean[] = []
  return {
    activities,
    authenticate(request, { activity }) {
      activities.push(activity)
      const name = request.headers['x-user']
      return Promise.resolve(typeof name === 'string' ? identityOf(name) : undefined)
    },
  }
}

export const identityPolicy: PolicyPort = {
  decide(identity, { permission, region }) {
    if (!identity.permissions.has(permission)) return { allowed: false, reason: 'permission' }
    if (region !== undefined && !identity.regions.includes(region)) return { allowed: false, reason: 'region' }
    return { allowed: true }
  },
  define: () => toDisposable(() => undefined),
}

export function recordingAudit(): AuditPort & { readonly records: AuditRecord[] } {
  const records: AuditRecord[] = []
  return { records, append: (record) => Promise.resolve(void records.push(record)) }
}

/** Grants given by `grant`, each used once. */
export function grantedStepUp(): StepUpPort & { grant(operation: string, parameters: object): void } {
  const grants = new Set<string>()
  const name = (operation: string, parameters: object) => `${operation} ${JSON.stringify(parameters)}`
  return {
    grant: (operation, parameters) => void grants.add(name(operation, parameters)),
    require(_identity, operation, parameters) {
      if (grants.delete(name(operation, parameters))) return Promise.resolve()
      return Promise.reject(
        new Problem(403, 'step_up_required', 'Confirm that it is you.', { extensions: { operation, parameters } }),
      )
    },
  }
}

/** Topics as the hub would hold them, and what was broadcast. */
export function recordingHub(): RealtimeHub & {
  readonly topics: Map<string, number>
  /** How each topic was declared last. */
  readonly declared: Map<string, object>
  readonly broadcasts: unknown[]
  readonly published: unknown[]
} {
  const topics = new Map<string, number>()
  const declared = new Map<string, object>()
  const broadcasts: unknown[] = []
  const published: unknown[] = []
  const change = (topic: string, by: number) => topics.set(topic, (topics.get(topic) ?? 0) + by)
  return {
    topics,
    declared,
    broadcasts,
    published,
    declare(topic, options) {
      change(topic, 1)
      declared.set(topic, options)
      return toDisposable(() => void change(topic, -1))
    },
    publish: (topic, message) => void published.push({ topic, ...message }),
    subscribers: () => 0,
    subscribedKeys: () => [],
    authorize: () => toDisposable(() => undefined),
    broadcast: (event, payload) => void broadcasts.push({ event, payload }),
  }
}

export function recordingLog(): Log & {
  readonly lines: { level: string; fields: Record<string, unknown>; message: string }[]
} {
  const lines: { level: string; fields: Record<string, unknown>; message: string }[] = []
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields: fields as Record<string, unknown>, message })
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
