import { Long } from 'bson'
import type { Binary, Document } from 'bson'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/raw.ts'
import type { Reader, Writer } from '../store/store.ts'
import { SLICE_MS } from './commit-queue.ts'
import { Table, tableKey, tableRange } from './keyspace.ts'
import type { Transaction } from './transaction.ts'

/** As logicalSessionTimeoutMinutes. */
export const SESSION_MINUTES = 30

/** What the server knows of a logical session: its last transaction number and what became of it. */
export interface Session {
  /** Hex of the id. */
  name: string
  lsid: Document
  lastUsed: number
  txnNumber: bigint
  /** `retryable` for a number used by retryable writes, else the state of the transaction. */
  state: 'none' | 'retryable' | 'open' | 'committed' | 'aborted'
  transaction: Transaction | undefined
  transactionStart: number
  /** The commit under way, for a second commitTransaction to wait for. */
  ending: Promise<void> | undefined
  /** Replies of the retryable statements already done under this number. */
  statements: Map<number, Document>
}

/** Sessions by id; the part that must outlive a crash is stored in the commit of the write it belongs to. */
export class SessionRegistry {
  private readonly sessions = new Map<string, Session>()
  private readonly turns = new Map<string, Promise<void>>()
  private readonly reader: Reader
  private expireFrom: Buffer | undefined

  constructor(reader: Reader) {
    this.reader = reader
  }

  get size(): number {
    return this.sessions.size
  }

  get openTransactions(): number {
    return [...this.sessions.values()].filter((session) => session.state === 'open').length
  }

  /**
   * Waits until the numbered commands of the session that came before are done, so that a write sent again finds what its
   * first attempt did. The function it resolves with ends the turn.
   */
  async turn(lsid: Document): Promise<() => void> {
    const name = nameOf(lsid)
    const before = this.turns.get(name)
    let end: () => void = () => undefined
    const own = new Promise<void>((resolve) => (end = resolve))
    this.turns.set(name, own)
    await before
    return () => {
      if (this.turns.get(name) === own) this.turns.delete(name)
      end()
    }
  }

  /** The session of an lsid, read from the store when it is not in memory. */
  open(lsid: Document): Session {
    const name = nameOf(lsid)
    let session = this.sessions.get(name)
    if (!session) {
      session = {
        name,
        lsid,
        lastUsed: 0,
        txnNumber: -1n,
        state: 'none',
        transaction: undefined,
        transactionStart: 0,
        ending: undefined,
        statements: new Map(),
      }
      const stored = this.reader.get(sessionKey(session))
      if (stored) restore(session, decode(stored))
      this.sessions.set(name, session)
    }
    session.lastUsed = Date.now()
    return session
  }

  /** Ends sessions: their transactions are aborted, and what they stored is forgotten only by age. */
  end(names: Iterable<string>): void {
    for (const name of names) {
      const session = this.sessions.get(name)
      if (!session) continue
      if (session.state === 'open') session.state = 'aborted'
      session.transaction?.end()
      session.transaction = undefined
    }
  }

  /** Drops what memory holds of a session, so that the store's word counts: after a commit that failed. */
  forget(name: string | undefined): void {
    if (name === undefined) return
    this.end([name])
    this.sessions.delete(name)
  }

  names(): string[] {
    return [...this.sessions.keys()]
  }

  /** Sessions whose transaction has been open longer than `limit` ms. */
  overdue(limit: number, now = Date.now()): string[] {
    return [...this.sessions.values()]
      .filter((session) => session.state === 'open' && now - session.transactionStart > limit)
      .map((session) => session.name)
  }

  /** Forgets sessions unused for their timeout, in memory and, within a commit, in the store. */
  expire(writer: Writer, now = Date.now()): void {
    const limit = now - SESSION_MINUTES * 60_000
    for (const session of [...this.sessions.values()]) {
      if (session.lastUsed >= limit) continue
      this.end([session.name])
      this.sessions.delete(session.name)
    }
    const until = performance.now() + SLICE_MS
    const { start, end } = tableRange(Table.sessions)
    const old: Buffer[] = []
    let next = start
    for (const { key, value } of writer.range({ start: this.expireFrom ?? start, end })) {
      next = key
      const stored = decode(value, LAST)
      if ((stored.last as Date).getTime() < limit && !this.sessions.has(key.subarray(4).toString('hex'))) old.push(key)
      if (performance.now() > until) break
      next = start
    }
    // The next run goes on where this one ran out of time.
    this.expireFrom = next
    for (const key of old) writer.remove(key)
  }
}

function nameOf(lsid: Document): string {
  return Buffer.from((lsid.id as Binary).buffer).toString('hex')
}

const LAST = new Set(['last'])

function sessionKey(session: Session): Buffer {
  return tableKey(Table.sessions, Buffer.from(session.name, 'hex'))
}

/** Stores the session's number, state and statement replies, in the commit of the write that changed them. */
export function saveSession(writer: Pick<Writer, 'put'>, session: Session): void {
  const plain: number[] = []
  const replies: { id: number; reply: Document }[] = []
  for (const [id, reply] of session.statements)
    if (Object.keys(reply).length === 0) plain.push(id)
    else replies.push({ id, reply })
  writer.put(
    sessionKey(session),
    encode({
      txnNumber: Long.fromBigInt(session.txnNumber),
      state: session.state,
      last: new Date(),
      runs: toRuns(plain),
      replies,
    }),
  )
}

function toRuns(ids: number[]): number[] {
  const runs: number[] = []
  for (const id of ids.toSorted((a, b) => a - b)) {
    if (runs.length > 0 && runs.at(-1) === id - 1) runs[runs.length - 1] = id
    else runs.push(id, id)
  }
  return runs
}

function restore(session: Session, stored: Document): void {
  session.txnNumber = (stored.txnNumber as Long).toBigInt()
  session.state = stored.state as Session['state']
  const runs = (stored.runs as unknown[]).map(Number)
  for (let i = 0; i < runs.length; i += 2)
    for (let id = runs[i] as number; id <= (runs[i + 1] as number); id++) session.statements.set(id, {})
  for (const { id, reply } of stored.replies as { id: unknown; reply: Document }[])
    session.statements.set(Number(id), reply)
}
