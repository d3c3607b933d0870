import { MAX_PENDING_BYTES } from './limits.ts'

/** What all connections together hold of messages that have not arrived whole. */
export class PendingBytes {
  private bytes = 0
  /** Connections now open, for the share of each. */
  connections = 0

  adjust(difference: number): void {
    this.bytes += difference
  }

  get exceeded(): boolean {
    return this.bytes > MAX_PENDING_BYTES
  }

  get fairShare(): number {
    return MAX_PENDING_BYTES / Math.max(1, this.connections)
  }
}
