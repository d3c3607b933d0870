import type { CapabilitiesPort, JobsPort, Log, RealtimePort, SecretsPort } from '@dcesop/sdk-plugin'
import { capabilityHandle } from '@dcesop/sdk-plugin/host'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { currentAttribution } from '../../generation/attribution.ts'
import type { Peer } from '../channel/peer.ts'
import { encodeError } from '../channel/sent-error.ts'
import type { Availability, Listeners } from '../protocol.ts'
import type { Registrations } from './registrations.ts'

/** The host's log; errors among the fields are told as text and stack. */
export function hostLog(peer: Peer): Log {
  const at = (level: string) => (fields: object, message: string) =>
    peer.note('log', level, Object.fromEntries(Object.entries(fields).map(loggable)), message)
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

function loggable([name, value]: [string, unknown]): [string, unknown] {
  if (value instanceof Error) return [name, encodeError(value)]
  try {
    return [name, structuredClone(value)]
  } catch {
    return [name, String(value)]
  }
}

/** The host holds the secrets; which request it is for, it knows by the trace id. */
export function hostSecrets(peer: Peer): SecretsPort {
  return {
    use(name) {
      const traceId = currentAttribution()?.traceId
      return peer.call('secret', name, ...(traceId === undefined ? [] : [traceId])) as Promise<string>
    },
  }
}

export function hostJobs(registrations: Registrations, runs: Map<number, AbortController>): JobsPort {
  return {
    every: (name, everyMs, run) =>
      registrations.add({ kind: 'job', name, everyMs }, async (id: number) => {
        const controller = new AbortController()
        runs.set(id, controller)
        try {
          await run(controller.signal)
        } finally {
          runs.delete(id)
        }
      }),
  }
}

/** @param listeners as the host last told them; asking for them makes the host tell */
export function hostRealtime(peer: Peer, registrations: Registrations, listeners: () => Listeners): RealtimePort {
  let asked = false
  const keysOf = (topic: string, region: string) => {
    if (!asked) peer.note('watch')
    asked = true
    return listeners().find(([name, where]) => name === topic && where === region)?.[2]
  }
  return {
    publish: (topic, message) => peer.note('realtime', topic, message),
    subscribers: (topic, region, key) => keysOf(topic, region)?.get(key) ?? 0,
    subscribedKeys: (topic, region) => [...(keysOf(topic, region)?.keys() ?? [])],
    authorize: (topic, check) => registrations.add({ kind: 'authorize', topic }, check),
  }
}

export function hostCapabilities(
  { id, consumes, version }: PluginManifest,
  peer: Peer,
  registrations: Registrations,
  available: () => Availability,
): CapabilitiesPort {
  const consumed = new Set(consumes?.map(({ capability }) => capability))
  return {
    provide: (capability, implementation) =>
      registrations.add(
        { kind: 'capability', capability, methods: methodsOf(implementation) },
        (method: string, params: readonly unknown[]) =>
          (implementation as Record<string, (...params: unknown[]) => unknown>)[method]?.(...params),
      ),
    consume<T extends object>(capability: string) {
      if (!consumed.has(capability))
        throw new Error(
          `Plugin "${id}" consumes "${capability}", which is not in consumes of its manifest. Declare it there.`,
        )
      const remote = new Proxy(Object.create(null) as object, {
        get:
          (_target, method) =>
          (...params: unknown[]) =>
            peer.call('capability', capability, String(method), params),
      })
      return capabilityHandle<T>(capability, () =>
        available()[capability] === true
          ? { implementation: remote, provider: `${id} ${version}`, run: async (call) => call() }
          : undefined,
      )
    },
  }
}

/** Names of its methods, those of its classes included. */
function methodsOf(implementation: object): string[] {
  const names = new Set<string>()
  for (let at: object | null = implementation; at && at !== Object.prototype; at = Object.getPrototypeOf(at) as object)
    for (const name of Object.getOwnPropertyNames(at))
      if (name !== 'constructor' && typeof (implementation as Record<string, unknown>)[name] === 'function')
        names.add(name)
  return [...names]
}
