import type { AuditEntry, Identity, RegionId } from '@dcesop/sdk-plugin'
import type { BatchReport } from './ingest-batch.ts'

/** A client that sends each second is on record six times an hour. */
const everyMs = 10 * 60_000

interface Tally {
  /** `performance.now()` of the last record. */
  readonly at: number
  batches: number
  accepted: number
  duplicates: number
  rejected: number
}

/**
 * Puts on record which client sends measurements to which region: the first batch before its first row is stored, and while it goes
 * on, every ten minutes, with what came since the record before.
 */
export class BatchRecords {
  readonly #tallies = new Map<string, Tally>()

  /** @returns takes in what became of the batch */
  async begin(
    request: { readonly identity: Identity; audit(entry: AuditEntry): Promise<void> },
    region: RegionId,
  ): Promise<(report: BatchReport) => void> {
    const key = `${request.identity.subject} ${region}`
    const known = this.#tallies.get(key)
    const now = performance.now()
    if (known === undefined || now - known.at >= everyMs) {
      const next: Tally = { at: now, batches: 0, accepted: 0, duplicates: 0, rejected: 0 }
      this.#tallies.set(key, next)
      const { at: _since, ...details } = known ?? next
      await request.audit({ action: 'telemetry.ingest', region, ...(known && { details }) }).catch((error: unknown) => {
        this.#putBack(key, known, next)
        throw error
      })
    }
    return ({ accepted, duplicates, rejected }) => {
      const tally = this.#tallies.get(key)
      if (tally === undefined) return
      tally.batches += 1
      tally.accepted += accepted
      tally.duplicates += duplicates
      tally.rejected += rejected
    }
  }

  /** The next batch is to be recorded in place of this one. */
  #putBack(key: string, known: Tally | undefined, next: Tally): void {
    if (this.#tallies.get(key) !== next) return
    if (known === undefined) this.#tallies.delete(key)
    else this.#tallies.set(key, known)
  }
}
