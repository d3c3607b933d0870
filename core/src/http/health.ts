import type { CoreRoutes, ReadinessProbe } from '../ports.ts'
import { setTimeout } from 'node:timers/promises'
import { addRoute } from './core-route.ts'

/** Times in ms: how long a part may take to answer before it is not ready, and before who asks gets its last word instead. */
const usual = { limitMs: 2_000, patienceMs: 200 }

/** Whether the host takes new work: false before the first start is complete and again once it is asked to stop. */
export interface Accepting {
  accepting: boolean
}

interface Part {
  readonly name: string
  readonly ready: boolean
}

/** `GET /healthz`: the process answers. `GET /readyz`: every part with its state, 503 unless all of them are ready. */
export function healthRoutes(host: Accepting, probes: readonly ReadinessProbe[], times = usual): CoreRoutes {
  const asks = probes.map((probe) => patiently(probe, times))
  return {
    register(server) {
      addRoute(server, {
        method: 'GET',
        path: '/healthz',
        summary: 'Whether the process answers.',
        access: 'public',
        handler: () => ({ status: 'alive' }),
      })
      addRoute<{ Query: { unready?: '404' } }>(server, {
        method: 'GET',
        path: '/readyz',
        summary: 'Every part and plugin with its state.',
        access: 'public',
        query: {
          type: 'object',
          additionalProperties: false,
          properties: {
            unready: {
              const: '404',
              description: 'Answer 404 in place of 503: a proxy then lets what is under way end.',
            },
          },
        },
        async handler({ query }, h) {
          const parts = await Promise.all(asks.map((ask) => ask()))
          const ready = host.accepting && parts.every((part) => part.ready)
          return h
            .response({ ready, accepting: host.accepting, parts })
            .code(ready ? 200 : Number(query.unready ?? 503))
        },
      })
    },
  }
}

/**
 * A proxy takes a late answer for a host that hangs. So one that a part delays, for example a slow database, tells what that part said
 * last, for as long as it may take. A question that hangs holds a connection: there is one at a time.
 */
function patiently(probe: ReadinessProbe, { limitMs, patienceMs }: typeof usual): () => Promise<Part> {
  const not: Part = { name: probe.name, ready: false }
  let known: Part | undefined
  let knownAt = 0
  let asked: Promise<Part> | undefined
  let askedAt = 0
  const check = async (): Promise<Part> => {
    const { ready, detail } = await probe.check()
    return { name: probe.name, ready, ...detail }
  }
  const ask = async () => {
    askedAt = performance.now()
    const part = await check().catch(() => not)
    known = part
    knownAt = performance.now()
    asked = undefined
    return part
  }
  return () => {
    asked ??= ask()
    const now = performance.now()
    if (known && now - knownAt < limitMs) return soonest(asked, patienceMs, known)
    return soonest(asked, Math.max(0, askedAt + limitMs - now), not)
  }
}

async function soonest(part: Promise<Part>, ms: number, otherwise: Part): Promise<Part> {
  const late = new AbortController()
  try {
    return await Promise.race([part, setTimeout(ms, otherwise, { signal: late.signal })])
  } finally {
    late.abort()
  }
}
