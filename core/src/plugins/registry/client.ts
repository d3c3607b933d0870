import {
  distrust,
  type Envelope,
  envelopeOf,
  type ToldTrust,
  TrustError,
  type TrustFault,
} from '@dcesop/sdk-plugin/signing'
import type { AuditPort, Clock, Log } from '../../ports.ts'
import { Declined, type RegistryHttp } from './http.ts'
import type { Trusted, TrustState } from './trust-state.ts'
import { silentAndOld, Unreachable } from './unreachable.ts'

/** How things stand with the registry; what is installed serves in any case. */
export interface RegistryStatus {
  readonly url: string | null
  /** Whether the last attempt got an answer that was believed; null before the first, and where there is no address. */
  readonly reachable: boolean | null
  /** Why not. */
  readonly problem: string | null
  /** The same by its id, for other languages; null where there is none. */
  readonly told: ToldTrust | null
  readonly snapshot: number | null
  readonly keyList: number | null
  readonly issuedAt: string | null
  readonly expires: string | null
  /** Seconds since the registry last confirmed it. */
  readonly age: number | null
  /** Too old to install anything by it. */
  readonly stale: boolean
  readonly source: 'registry' | 'bundle'
}

export interface ClientDeps {
  readonly url: string | null
  /** Undefined where bundles are imported only. */
  readonly http: RegistryHttp | undefined
  readonly clock: Clock
  readonly log: Log
  readonly audit: AuditPort
}

const own = '/-/dcesop/v1'

/** Keeps this instance's view of the registry current. */
export class RegistryClient {
  readonly http: RegistryHttp | undefined
  readonly trust: TrustState
  readonly #url: string | null
  readonly #clock: Clock
  readonly #log: Log
  readonly #audit: AuditPort
  #fault: TrustFault | undefined
  #reachable: boolean | null = null
  #problem: string | null = null
  #told: ToldTrust | undefined
  #silence: Unreachable | undefined
  #confirmedAt: Date | undefined
  #tags: { keys?: string | undefined; snapshot?: string | undefined } = {}
  #last: { keys: Envelope; snapshot: Envelope } | undefined
  #running: Promise<boolean> | undefined

  constructor(trust: TrustState, { url, http, clock, log, audit }: ClientDeps) {
    this.trust = trust
    this.http = http
    this.#url = url
    this.#clock = clock
    this.#log = log
    this.#audit = audit
    const { confirmedAt } = trust.stored
    if (confirmedAt !== null) this.#confirmedAt = new Date(confirmedAt)
  }

  /** What may decide about something new. @throws Unreachable when there is nothing, since the registry does not answer; TrustError */
  fresh(): Trusted {
    try {
      return this.trust.fresh()
    } catch (error) {
      if (!(error instanceof TrustError) || !this.#silence) throw error
      throw silentAndOld(this.#silence, error)
    }
  }

  /** Asks once, however many want to know. @returns whether the state is the registry's present one; never rejects */
  refresh(): Promise<boolean> {
    if (!this.http) return Promise.resolve(false)
    this.#running ??= this.#refresh(this.http).finally(() => (this.#running = undefined))
    return this.#running
  }

  status(): RegistryStatus {
    const { present, stored } = this.trust
    const age = this.#confirmedAt && Math.round((this.#clock.now().getTime() - this.#confirmedAt.getTime()) / 1000)
    return {
      url: this.#url,
      reachable: this.#reachable,
      problem: this.#problem,
      told: this.#told ?? null,
      snapshot: present?.snapshot.number ?? null,
      keyList: present?.keys.list.version ?? null,
      issuedAt: present?.snapshot.issuedAt ?? null,
      expires: present?.snapshot.expires ?? null,
      age: age ?? null,
      stale: this.#isStale(),
      source: stored.source,
    }
  }

  async #refresh(http: RegistryHttp): Promise<boolean> {
    try {
      const [keys, snapshot] = [
        await http.json<unknown>(`${own}/keys`, { etag: this.#tags.keys }),
        await http.json<unknown>(`${own}/snapshot`, { etag: this.#tags.snapshot }),
      ]
      const offered = {
        keys: keys.body === undefined && this.#last ? this.#last.keys : signed(keys.body, 'keys'),
        snapshot: snapshot.body === undefined && this.#last ? this.#last.snapshot : signed(snapshot.body, 'snapshot'),
      }
      await this.trust.accept(offered, 'registry', (from, to) => growth(http, from, to))
      this.#last = offered
      this.#tags = { keys: keys.etag, snapshot: snapshot.etag }
      this.#silence = undefined
      this.#fault = undefined
      this.#note(true, null)
      this.#told = undefined
      this.#confirmedAt = this.#clock.now()
      return true
    } catch (error) {
      // Whatever the registry gave is asked for again in whole.
      this.#tags = {}
      this.#silence = error instanceof Unreachable ? error : undefined
      const known = error instanceof TrustError || error instanceof Unreachable || error instanceof Declined
      this.#note(false, known ? error.message : String(error))
      this.#told = known && 'told' in error ? error.told : undefined
      if (error instanceof TrustError)
        await this.#disbelieve(error).catch((err: unknown) =>
          this.#log.error({ err, problem: error.message }, 'that the registry was not believed could not be audited'),
        )
      if (!known) this.#log.error({ err: error }, 'the state of the registry could not be kept')
      return false
    }
  }

  #note(reachable: boolean, problem: string | null): void {
    if (this.#reachable !== reachable || this.#problem !== problem) {
      if (reachable) this.#log.info({ registry: this.#url }, 'the registry answers')
      else this.#log.warn({ registry: this.#url, problem }, 'the registry cannot be asked; what is installed goes on')
    }
    this.#reachable = reachable
    this.#problem = problem
  }

  /** Once for each reason: somebody may stand between here and the registry, or be the registry. */
  async #disbelieve({ code, message, told }: TrustError): Promise<void> {
    if (this.#fault === code) return
    this.#fault = code
    await this.#audit.append({
      action: 'plugin.registry.refused',
      outcome: 'denied',
      reason: code,
      actor: { subject: 'plugin-host', kind: 'system' },
      details: { registry: this.#url ?? '', detail: message, ...(told && { told: JSON.stringify(told) }) },
    })
  }

  #isStale(): boolean {
    try {
      this.trust.fresh()
      return false
    } catch {
      return true
    }
  }
}

/** @throws TrustError when the answer is no proof */
async function growth(http: RegistryHttp, from: number, to: number): Promise<Buffer[]> {
  const { body } = await http.json<{ proof?: unknown }>(`${own}/log/consistency?from=${from}&to=${to}`)
  const proof = body?.proof
  if (Array.isArray(proof) && proof.every((hash) => typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)))
    return proof.map((hash: string) => Buffer.from(hash, 'hex'))
  throw distrust('malformed', 'log.proof')
}

/** @throws TrustError when it is no signed document */
function signed(value: unknown, what: string): Envelope {
  const found = envelopeOf(value)
  if (!found) throw distrust('malformed', 'registry.unsigned', { path: what })
  return found
}
