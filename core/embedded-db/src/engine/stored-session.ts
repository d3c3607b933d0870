import { Long } from 'bson'
import type { Document } from 'bson'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/raw.ts'
import type { Reader, Writer } from '../store/store.ts'
import { Table, tableKey, tableRange } from './keyspace.ts'
import type { Session } from './sessions.ts'

/** The bytes of a session's id. */
const ID_BYTES = 16
const TABLE_BYTES = 4

/** Statements one after the other that were answered the same. */
interface SavedRun {
  id: number
  /** Absent for one alone. */
  through?: number
  reply: Document
}

/** Of the first commit under a number, or of a later one: each adds a part, so that none writes again what others did. */
function partKey(session: Session, part: number): Buffer {
  const key = Buffer.alloc(ID_BYTES + (part === 0 ? 0 : 4))
  key.write(session.name, 'hex')
  if (part > 0) key.writeUInt32BE(part, ID_BYTES)
  return tableKey(Table.sessions, key)
}

/** Hex of the id of the session that a key belongs to. */
function nameOfKey(key: Buffer): string {
  return key.toString('hex', TABLE_BYTES, TABLE_BYTES + ID_BYTES)
}

/** Stores the session's number, its state and the replies that came since, in the commit of the write that changed them. */
export function saveSession(writer: Pick<Writer, 'put' | 'remove'>, session: Session, state = session.state): void {
  const { txnNumber, part, unsaved } = session
  writer.put(
    partKey(session, part),
    encode({ txnNumber: Long.fromBigInt(txnNumber), state, last: new Date(), replies: runsOf(session, unsaved) }),
  )
  if (part === 0) for (let old = 1; old < session.stale; old++) writer.remove(partKey(session, old))
  session.stale = 0
  session.part++
  session.unsaved = []
}

function runsOf({ statements }: Session, ids: readonly number[]): SavedRun[] {
  const runs: SavedRun[] = []
  for (const id of ids) {
    const reply = statements.get(id) as Document
    const last = runs.at(-1)
    if (last && id === (last.through ?? last.id) + 1 && areSame(last.reply, reply)) last.through = id
    else runs.push({ id, reply })
  }
  return runs
}

function areSame(a: Document, b: Document): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}

/** Takes over what is stored of a session. */
export function restoreSession(session: Session, reader: Reader): void {
  const start = partKey(session, 0)
  for (const { value } of reader.range({ start, end: Buffer.concat([start, Buffer.alloc(4, 0xff)]) })) {
    const stored = decode(value)
    session.txnNumber = (stored.txnNumber as Long).toBigInt()
    session.state = stored.state as Session['state']
    session.part++
    const plain = ((stored.runs ?? []) as unknown[]).map(Number)
    // As earlier versions stored statements that had nothing to tell.
    for (let i = 0; i < plain.length; i += 2) restoreRun(session, plain[i] as number, plain[i + 1] as number, {})
    for (const { id, through = id, reply } of stored.replies as Document[])
      restoreRun(session, Number(id), Number(through), reply as Document)
  }
}

function restoreRun({ statements }: Session, from: number, through: number, reply: Document): void {
  for (let id = from; id <= through; id++) statements.set(id, reply)
}

const LAST = new Set(['last'])

/**
 * Removes what is stored of sessions last used before `limit`, other than those named in memory, until `until`.
 * @returns where the next run goes on
 */
export function removeExpired(
  writer: Writer,
  from: Buffer | undefined,
  limit: number,
  until: number,
  isKept: (name: string) => boolean,
): Buffer {
  const { start, end } = tableRange(Table.sessions)
  const old: Buffer[] = []
  let next = start
  for (const { key, value } of writer.range({ start: from ?? start, end })) {
    next = key
    if ((decode(value, LAST).last as Date).getTime() < limit && !isKept(nameOfKey(key))) old.push(key)
    if (performance.now() > until) break
    next = start
  }
  for (const key of old) writer.remove(key)
  return next
}
