import { type Disposable, toDisposable } from '../backend/disposable.ts'
import type { Identity } from '../backend/identity.ts'
import type { AuditEntry } from '../backend/route.ts'
import type { RealtimePort } from '../backend/ports.ts'
import { notFound } from '../backend/problem.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { requireDeclared } from './declared.ts'

/** One message that the plugin pushed. */
export interface RealtimeRecord {
  readonly topic: string
  readonly region: string
  readonly key: string
  readonly payload: unknown
}

interface Listener {
  readonly topic: string
  readonly region: string
  readonly key: string
}

/** Messages that were pushed, and people who listen as over a socket. @param audit takes who listens, where the topic has it recorded */
export function createTestRealtime(manifest: PluginManifest, audit: (entry: AuditEntry) => void) {
  const messages: RealtimeRecord[] = []
  const listeners = new Set<Listener>()
  const checks = new Map<string, Parameters<RealtimePort['authorize']>[1]>()
  const declared = new Map((manifest.realtime ?? []).map((declaration) => [declaration.topic, declaration]))
  const own = (topic: string) => requireDeclared(declared.keys(), topic, 'realtime')
  const on = (topic: string, region: string) =>
    [...listeners].filter((one) => one.topic === topic && one.region === region)

  const port: RealtimePort = {
    publish(topic, message) {
      own(topic)
      messages.push({ topic, ...message })
    },
    subscribers: (topic, region, key) => on(topic, region).filter((one) => one.key === key).length,
    subscribedKeys: (topic, region) => [...new Set(on(topic, region).map(({ key }) => key))],
    authorize(topic, check) {
      own(topic)
      checks.set(topic, check)
      return toDisposable(() => void checks.delete(topic))
    },
  }

  async function mayListen(identity: Identity, { topic, region, key }: Listener): Promise<boolean> {
    const permission = declared.get(topic)?.permission
    if (permission === undefined || !identity.permissions.has(permission) || !identity.regions.includes(region))
      return false
    return (await checks.get(topic)?.(identity, region, key)) ?? true
  }

  const listen = async (identity: Identity, topic: string, region: string, key: string): Promise<Disposable> => {
    const listener: Listener = { topic, region, key }
    if (!(await mayListen(identity, listener))) throw notFound()
    const action = declared.get(topic)?.record
    if (action !== undefined) audit({ action, region, resource: key })
    listeners.add(listener)
    return toDisposable(() => void listeners.delete(listener))
  }
  return { port, messages, listen }
}
