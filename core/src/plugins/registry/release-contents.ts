import type { Clock } from '../../ports.ts'
import { setTimeout as pause } from 'node:timers/promises'
import type { RegistryHttp } from './http.ts'

/** What a version brings, as the registry says. */
export interface Contents {
  readonly kinds: readonly ('ui' | 'backend')[] | null
  /** Of its files, unpacked. */
  readonly bytes: number | null
}

const unknown: Contents = { kinds: null, bytes: null }
const atOnce = 500
const patienceMs = 2_000
const betweenFailuresMs = 60_000

/** What versions bring that only the registry has. It is for people to read: nothing is decided by it, and nobody waits long for it. */
export class ReleaseContents {
  readonly #http: Pick<RegistryHttp, 'json'> | undefined
  readonly #clock: Clock
  /** By `name@version`, which never changes. */
  readonly #known = new Map<string, Contents>()
  #asking: Promise<void> | undefined
  #notBefore = 0

  constructor(http: Pick<RegistryHttp, 'json'> | undefined, clock: Clock) {
    this.#http = http
    this.#clock = clock
  }

  /** @param ids `name@version` each @returns what is known of each within 2 s */
  async of(ids: readonly string[]): Promise<(id: string) => Contents> {
    const missing = ids.filter((id) => !this.#known.has(id))
    if (missing.length > 0 && this.#clock.now().getTime() >= this.#notBefore) {
      this.#asking ??= this.#ask(missing).finally(() => (this.#asking = undefined))
      await Promise.race([this.#asking, pause(patienceMs, undefined, { ref: false })])
    }
    return (id) => this.#known.get(id) ?? unknown
  }

  async #ask(ids: readonly string[]): Promise<void> {
    if (!this.#http) return
    try {
      for (let from = 0; from < ids.length; from += atOnce) {
        const versions = ids.slice(from, from + atOnce)
        const { body } = await this.#http.json<{ versions?: unknown }>('/-/dcesop/v1/versions', { body: { versions } })
        const told = new Map(Object.entries((body?.versions ?? {}) as object))
        for (const id of versions) this.#known.set(id, contentsIn(told.get(id)))
      }
    } catch {
      // The registry is away, or of before it could tell: the state of the registry says the first.
      this.#notBefore = this.#clock.now().getTime() + betweenFailuresMs
    }
  }
}

function contentsIn(told: unknown): Contents {
  const { kinds, unpacked } = (told ?? {}) as { kinds?: unknown; unpacked?: unknown }
  const isSize = typeof unpacked === 'number' && Number.isSafeInteger(unpacked) && unpacked >= 0
  return {
    kinds: Array.isArray(kinds) ? (['ui', 'backend'] as const).filter((kind) => kinds.includes(kind)) : null,
    bytes: isSize ? unpacked : null,
  }
}
