import type { Collection } from 'mongodb'
import type { Database } from '../storage/database.ts'

/** An entry of the log; only `text` is part of it, the rest is for finding. */
export interface LogDocument {
  /** Sequence, from 0. */
  readonly _id: number
  readonly text: string
  readonly kind: string
  readonly subject: string
  /** Package that it changes. */
  readonly package: string | null
  readonly region: string | null
}

/** A perfect subtree of the log, `level:index`, hash in hex. */
export interface NodeDocument {
  readonly _id: string
  readonly hash: string
}

export interface LogState {
  readonly _id: 'log'
  readonly size: number
  /** Hex. */
  readonly peaks: readonly string[]
  /** Leaf hash of the last entry in hex. */
  readonly last: string
}

export interface SnapshotState {
  readonly _id: 'snapshot'
  readonly number: number
  /** Of the log, when the number was given. */
  readonly logSize: number
}

/** Version of the newest list of keys that is in the log. */
export interface KeysState {
  readonly _id: 'keys'
  readonly version: number
}

export type StateDocument = LogState | SnapshotState | KeysState

export interface TrustCollections {
  readonly log: Collection<LogDocument>
  readonly nodes: Collection<NodeDocument>
  readonly state: Collection<StateDocument>
}

export function trustCollections({ db }: Database): TrustCollections {
  return {
    log: db.collection('log'),
    nodes: db.collection('log_nodes'),
    state: db.collection('trust_state'),
  }
}
