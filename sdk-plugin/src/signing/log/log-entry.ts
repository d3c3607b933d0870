import { leafHash } from './merkle.ts'

/** One thing that happened. Its JSON text, byte for byte, is the leaf of the tree. */
export interface LogEntry {
  /** Counts from 0. */
  readonly seq: number
  /** ISO 8601, UTC. Order is by `seq`: clocks may be set back. */
  readonly at: string
  /** For example `version.published`. */
  readonly kind: string
  /** What it is about: `name@version`, a publisher, the key list. */
  readonly subject: string
  /** The account, or `registry` for what happens by itself. */
  readonly actor: string
  readonly body: Readonly<Record<string, unknown>>
  /** Leaf hash of the entry before in hex; 64 zeros for the first. */
  readonly prev: string
}

export const noEntryBefore = '0'.repeat(64)

export function entryText({ seq, at, kind, subject, actor, body, prev }: LogEntry): string {
  return JSON.stringify({ seq, at, kind, subject, actor, body, prev })
}

export function entryHash(text: string): Buffer {
  return leafHash(Buffer.from(text, 'utf8'))
}
