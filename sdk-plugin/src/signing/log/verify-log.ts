import { TrustError } from '../trust-error.ts'
import { entryHash, type LogEntry, noEntryBefore } from './log-entry.ts'
import { appendLeaf, emptyFrontier, type Frontier, rootOf } from './merkle.ts'

/** Size and root of a log, as a signed head or snapshot states them. */
export interface LogHead {
  readonly size: number
  /** Hex. */
  readonly root: string
}

/**
 * Recomputes a log from the texts of its entries and holds it against heads that were signed for it, for example those of old snapshots.
 * @throws TrustError `log_altered` with the first entry that is not what it was
 */
export async function verifyLog(
  entries: AsyncIterable<string> | Iterable<string>,
  heads: readonly LogHead[],
): Promise<LogHead> {
  const expected = new Map(heads.map(({ size, root }) => [size, root]))
  let frontier: Frontier = emptyFrontier
  let prev = noEntryBefore
  checkHead(frontier, expected)
  for await (const text of entries) {
    const { size } = frontier
    const entry = parse(text, size)
    if (entry.seq !== size) throw altered(size, `it says that it is entry ${String(entry.seq)}`)
    if (entry.prev !== prev) throw altered(size, 'it does not follow the entry before')
    const leaf = entryHash(text)
    prev = leaf.toString('hex')
    frontier = appendLeaf(frontier, leaf).frontier
    checkHead(frontier, expected)
  }
  const missing = heads.find(({ size }) => size > frontier.size)
  if (missing)
    throw new TrustError('log_altered', `The log has ${frontier.size} entries, but ${missing.size} were signed.`)
  return { size: frontier.size, root: rootOf(frontier).toString('hex') }
}

function checkHead(frontier: Frontier, expected: ReadonlyMap<number, string>): void {
  const root = expected.get(frontier.size)
  if (root === undefined || root === rootOf(frontier).toString('hex')) return
  throw new TrustError('log_altered', `The first ${frontier.size} entries of the log are not those that were signed.`)
}

function parse(text: string, seq: number): Partial<LogEntry> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Told below, like everything else that is no entry.
  }
  throw altered(seq, 'it is not a JSON object')
}

function altered(seq: number, how: string): TrustError {
  return new TrustError('log_altered', `Entry ${seq} of the log was altered: ${how}.`)
}
