import type { CoreRoutes, ReadinessProbe } from '../ports.ts'
import { setTimeout } from 'node:timers/promises'
import { addRoute } from './core-route.ts'

const probeLimitMs = 2_000

/** Whether the host takes new work: false before the first start is complete and again once it is asked to stop. */
export interface Accepting {
  accepting: boolean
}

/** `GET /healthz`: the process answers. `GET /readyz`: every part with its state, 503 unless all of them are ready. */
export function healthRoutes(host: Accepting, probes: readonly ReadinessProbe[]): CoreRoutes {
  return {
    register(server) {
      addRoute(server, {
        method: 'GET',
        path: '/healthz',
        summary: 'Whether the process answers.',
        access: 'public',
        handler: () => ({ status: 'alive' }),
      })
      addRoute(server, {
        method: 'GET',
        path: '/readyz',
        summary: 'Every part and plugin with its state.',
        access: 'public',
        async handler(_request, h) {
          const parts = await Promise.all(probes.map(ask))
          const ready = host.accepting && parts.every((part) => part.ready)
          return h.response({ ready, accepting: host.accepting, parts }).code(ready ? 200 : 503)
        },
      })
    },
  }
}

/** A probe that throws, or does not answer in time, is a part that is not ready: who asks must hear that before giving up. */
async function ask(probe: ReadinessProbe): Promise<{ name: string; ready: boolean }> {
  const late = new AbortController()
  try {
    const { ready, detail } = await Promise.race([probe.check(), silence(late.signal)])
    return { name: probe.name, ready, ...detail }
  } catch {
    return { name: probe.name, ready: false }
  } finally {
    late.abort()
  }
}

async function silence(signal: AbortSignal): Promise<{ ready: boolean; detail?: undefined }> {
  await setTimeout(probeLimitMs, undefined, { signal })
  return { ready: false }
}
