import type { Store } from '../store/store.ts'

/** The size of the data file that this database is meant for (docs/embedded-db.md). */
export const STATED_BYTES = 2 * 1024 ** 3
const NEAR = 0.75

export interface DataSize {
  bytes: number
  statedBytes: number
  state: 'ok' | 'near' | 'over'
}

/** Watches the data file grow, and warns once before it reaches the stated size and once when it has. */
export class DataSizeWatch {
  private readonly store: Pick<Store, 'fileSize'>
  private readonly warn: (message: string) => void
  private readonly statedBytes: number
  private told: DataSize['state'] = 'ok'

  constructor(store: Pick<Store, 'fileSize'>, warn: (message: string) => void, statedBytes = STATED_BYTES) {
    this.store = store
    this.warn = warn
    this.statedBytes = statedBytes
  }

  now(): DataSize {
    const bytes = this.store.fileSize()
    const { statedBytes } = this
    return { bytes, statedBytes, state: bytes >= statedBytes ? 'over' : bytes >= statedBytes * NEAR ? 'near' : 'ok' }
  }

  check(): void {
    const { bytes, state } = this.now()
    if (state === this.told) return
    // A file never shrinks while it is open, so each state is told once.
    this.told = state
    const megabytes = (count: number): string => `${Math.round(count / 2 ** 20)} MB`
    this.warn(
      state === 'over'
        ? `the data file has ${megabytes(bytes)}, more than the ${megabytes(this.statedBytes)} that this database is meant for; move to MongoDB (docs/embedded-db.md)`
        : `the data file has ${megabytes(bytes)} of the ${megabytes(this.statedBytes)} that this database is meant for; prepare the move to MongoDB (docs/embedded-db.md), or stop it and run --compact if much was deleted`,
    )
  }
}
