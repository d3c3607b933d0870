import { createHash } from 'node:crypto'
import { Binary, UUID } from 'bson'
import type { Document } from 'bson'
import type { Reader, Writer } from '../store/store.ts'
import { SLICE_MS } from './commit-queue.ts'
import type { Interrupt } from './interrupt.ts'
import { removeExpired, restoreSession } from './stored-session.ts'
import type { Transaction } from './transaction.ts'

/** As logicalSessionTimeoutMinutes. */
export const SESSION_MINUTES = 30
const SESSION_MS = SESSION_MINUTES * 60_000

/** What the server knows of a logical session: its last transaction number and what became of it. */
export interface Session {
  /** Hex of the id. */
  name: string
  lsid: Document
  /** On the clock of `performance`, which nobody sets. */
  lastUsed: number
  txnNumber: bigint
  /** `retryable` for a number used by retryable writes, else the state of the transaction. */
  state: 'none' | 'retryable' | 'open' | 'committed' | 'aborted'
  transaction: Transaction | undefined
  transactionStart: number
  /** The API version that its first command declared; unknown when the session was read from the store. */
  api: string | undefined
  /** The commit under way, for a second commitTransaction to wait for. */
  ending: Promise<void> | undefined
  /** Ends with the numbered command that came last. */
  lastTurn: Promise<void> | undefined
  /** Replies of the retryable statements already done under this number. */
  statements: Map<number, Document>
  /** Those of them that no commit holds yet. */
  unsaved: number[]
  /** How many parts are stored under this number, and how many there are of an earlier one. */
  part: number
  stale: number
}

/** Sessions by id; the part that must outlive a crash is stored in the commit of the write it belongs to. */
export class SessionRegistry {
  private readonly sessions = new Map<string, Session>()
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
   * @throws as {@link Interrupt.until}; its turn then passes to those that came later
   */
  async turn(lsid: Document, interrupt: Interrupt): Promise<() => void> {
    const session = this.open(lsid)
    const before = session.lastTurn
    let resolve: () => void = () => undefined
    const turn = new Promise<void>((done) => (resolve = done))
    const end = (): void => {
      if (session.lastTurn === turn) session.lastTurn = undefined
      resolve()
    }
    session.lastTurn = turn
    try {
      if (before) await interrupt.until(before)
    } catch (error) {
      void before?.then(end)
      throw error
    }
    return end
  }

  /** The session of an lsid, read from the store when it is not in memory. */
  open(lsid: Document): Session {
    const name = nameOfSession(lsid)
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
        api: undefined,
        ending: undefined,
        lastTurn: undefined,
        statements: new Map(),
        unsaved: [],
        part: 0,
        stale: 0,
      }
      restoreSession(session, this.reader)
      this.sessions.set(name, session)
    }
    session.lastUsed = performance.now()
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
    const session = name === undefined ? undefined : this.sessions.get(name)
    if (!session) return
    this.end([session.name])
    this.sessions.delete(session.name)
    // Those that wait for their turn have theirs before what comes now.
    this.open(session.lsid).lastTurn = session.lastTurn
  }

  names(): string[] {
    return [...this.sessions.keys()]
  }

  /** As the stages that list sessions show them. */
  list(): Document[] {
    const now = performance.now()
    return [...this.sessions.values()].map(({ name, lastUsed }) => ({
      _id: sessionOfName(name),
      lastUse: new Date(Date.now() - (now - lastUsed)),
    }))
  }

  /** Sessions whose transaction has been open longer than `limit` ms. */
  overdue(limit: number, now = performance.now()): string[] {
    return [...this.sessions.values()]
      .filter((session) => session.state === 'open' && now - session.transactionStart > limit)
      .map((session) => session.name)
  }

  /** Ends and forgets sessions unused for their timeout. @returns their names */
  endIdle(now = performance.now()): string[] {
    const idle = [...this.sessions.values()].filter(({ lastUsed }) => now - lastUsed > SESSION_MS)
    const names = idle.map(({ name }) => name)
    this.end(names)
    for (const name of names) this.sessions.delete(name)
    return names
  }

  /** Forgets what is stored of sessions that memory does not hold and that nobody has used for their timeout. */
  expire(writer: Writer): void {
    const isKept = (name: string): boolean => this.sessions.has(name)
    this.expireFrom = removeExpired(
      writer,
      this.expireFrom,
      Date.now() - SESSION_MS,
      performance.now() + SLICE_MS,
      isKept,
    )
  }
}

/** The digest of no user, which every session has that was opened without authentication. */
const NO_USER = new Binary(createHash('sha256').digest())

/** A session as reports and events name it. */
export function shownSession(lsid: Document): Document {
  return { ...lsid, uid: NO_USER }
}

export function sessionOfName(name: string): Document {
  return shownSession({ id: new UUID(Buffer.from(name, 'hex')) })
}

/** Hex of a session's id. */
export function nameOfSession(lsid: Document): string {
  return Buffer.from((lsid.id as Binary).buffer).toString('hex')
}

/** Begins with another number: what was done under the one before is of no use any more. */
export function renumber(session: Session, number: bigint): void {
  session.txnNumber = number
  session.statements = new Map()
  session.unsaved = []
  session.stale = Math.max(session.stale, session.part)
  session.part = 0
}
