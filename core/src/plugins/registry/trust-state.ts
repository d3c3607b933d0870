import {
  clockSkewMs,
  distrust,
  type Envelope,
  openKeyList,
  openSnapshot,
  type Snapshot,
  TrustError,
  type TrustedKeys,
} from '@dcesop/sdk-plugin/signing'
import pLimit from 'p-limit'
import type { Clock } from '../../ports.ts'
import { type ProofOf, requireGrowth } from './log-growth.ts'
import type { RegistrySettings } from './settings.ts'
import { readTrust, type StoredTrust, type TrustSource, writeTrust } from './trust-file.ts'

/** A state of the registry whose signatures hold. */
export interface Trusted {
  readonly keys: TrustedKeys
  readonly snapshot: Snapshot
}

export interface Offered {
  readonly keys: Envelope
  readonly snapshot: Envelope
}

/** The newest state of the registry that was believed, and the numbers below which nothing is believed any more. */
export class TrustState {
  readonly #file: string
  readonly #settings: RegistrySettings
  readonly #clock: Clock
  #stored: StoredTrust
  #present: Trusted | undefined
  readonly #oneByOne = pLimit(1)

  private constructor(file: string, settings: RegistrySettings, clock: Clock, stored: StoredTrust) {
    this.#file = file
    this.#settings = settings
    this.#clock = clock
    this.#stored = stored
    this.#present = this.#opened(stored)
  }

  /** @throws Error when the file cannot be read, TrustError when it was changed */
  static async open(file: string, settings: RegistrySettings, clock: Clock): Promise<TrustState> {
    return new TrustState(file, settings, clock, await readTrust(file))
  }

  /** Good when it was signed; whether it is good for something new says `fresh`. */
  get present(): Trusted | undefined {
    return this.#present
  }

  get stored(): StoredTrust {
    return this.#stored
  }

  /** What may decide about something new. @throws TrustError `expired`, or when nothing was ever believed */
  fresh(): Trusted {
    const { keys, snapshot, source, confirmedAt } = this.#stored
    if (!this.#present || !keys || !snapshot) throw distrust('expired', 'state.none')
    // By a clock that was put back, what has expired would be good again.
    notAhead('state.heard', confirmedAt ?? new Date(0).toISOString(), this.#clock.now())
    return this.#verify({ keys, snapshot }, source)
  }

  /**
   * Believes and keeps a newer state, or the same again.
   * @param proofOf asks for a proof that the log only grew; a bundle has none
   * @throws TrustError for anything older, expired or wrongly signed
   */
  accept(offered: Offered, source: TrustSource, proofOf?: ProofOf): Promise<Trusted> {
    return this.#oneByOne(() => this.#accept(offered, source, proofOf))
  }

  async #accept(offered: Offered, source: TrustSource, proofOf: ProofOf | undefined): Promise<Trusted> {
    const { seen } = this.#stored
    const keys = openKeyList(offered.keys, this.#settings.roots, { now: this.#clock.now(), seen: seen.keyList })
    const keyList = keys.list.version
    // A revocation counts even when the snapshot beside it is not believed.
    if (keyList > seen.keyList) await this.#keep({ ...this.#stored, seen: { ...seen, keyList }, keys: offered.keys })
    const trusted = this.#verify(offered, source)
    if (this.#present && proofOf) await requireGrowth(this.#present.snapshot, trusted.snapshot, proofOf)
    const number = trusted.snapshot.number
    const confirmedAt = this.#clock.now().toISOString()
    await this.#keep({ ...offered, source, confirmedAt, seen: { keyList, snapshot: number } })
    return trusted
  }

  async #keep(stored: StoredTrust): Promise<void> {
    await writeTrust(this.#file, stored)
    this.#stored = stored
    this.#present = this.#opened(stored)
  }

  #verify({ keys: signedKeys, snapshot: signed }: Offered, source: TrustSource): Trusted {
    const now = this.#clock.now()
    const { seen } = this.#stored
    const keys = openKeyList(signedKeys, this.#settings.roots, { now, seen: seen.keyList })
    if (source === 'registry') return { keys, snapshot: openSnapshot(signed, keys, { now, seen: seen.snapshot }) }
    const snapshot = openSnapshot(signed, keys, { now: issuedAt(signed), seen: seen.snapshot })
    notAhead('state.ahead', snapshot.issuedAt, now)
    const days = this.#settings.bundleMaxAgeDays
    if (now.getTime() - Date.parse(snapshot.issuedAt) <= days * 86_400_000) return { keys, snapshot }
    throw distrust('expired', 'bundle.old', { issuedAt: snapshot.issuedAt, days })
  }

  /** As it was when it was signed; nothing when a key of it was revoked since. */
  #opened({ keys: signedKeys, snapshot: signed }: StoredTrust): Trusted | undefined {
    if (!signedKeys || !signed) return undefined
    const keys = openKeyList(signedKeys, this.#settings.roots, { now: issuedAt(signedKeys) })
    try {
      return { keys, snapshot: openSnapshot(signed, keys, { now: issuedAt(signed) }) }
    } catch (error) {
      if (error instanceof TrustError) return undefined
      throw error
    }
  }
}

/** @throws TrustError for a time that has not come */
function notAhead(told: 'state.heard' | 'state.ahead', at: string, now: Date): void {
  if (Date.parse(at) <= now.getTime() + clockSkewMs) return
  throw distrust('from_the_future', told, { at, now: now.toISOString() })
}

/** The time that the payload itself states: read for nothing else before it is verified. */
function issuedAt({ payload }: Envelope): Date {
  const { issuedAt: at } = JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as { issuedAt: string }
  return new Date(at)
}
