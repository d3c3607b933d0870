import { Problem } from '@dcesop/sdk-plugin'
import type { Yank } from '@dcesop/sdk-plugin/signing'
import {
  appendLeaf,
  emptyFrontier,
  entryHash,
  type Frontier,
  type LogEntry,
  type LogHead,
  noEntryBefore,
  rootOf,
} from '@dcesop/sdk-plugin/signing'
import type { CatalogueVersion } from '../../distribution/catalogue/catalogue.ts'
import type { LogDocument } from '../trust-documents.ts'
import type { TransparencyLog } from './transparency-log.ts'

/** A version by the entries about it. */
interface LoggedVersion {
  integrity?: string
  channel?: string
  yank: Yank | null
  readonly flags: Set<string>
  /** State of the decision by region. */
  readonly regions: Map<string, string>
}

type KeyState = 'pending' | 'active' | 'revoked'

/**
 * What the log says of versions and keys. The database says the same, unless somebody changed it without the registry: a yank that
 * was taken out of it, or an approval put into it, would be signed with the next snapshot.
 */
export class LoggedState {
  readonly #log: TransparencyLog
  #versions = new Map<string, LoggedVersion>()
  #keys = new Map<string, KeyState>()
  /** Sequence of the last entry about a package. */
  #touched = new Map<string, number>()
  #frontier: Frontier = emptyFrontier
  #last = noEntryBefore
  #turn: Promise<unknown> = Promise.resolve()

  constructor(log: TransparencyLog) {
    this.#log = log
  }

  /** Reads what came since the last time. @throws Problem 503 `log_altered` unless all entries together are those of the head */
  upTo(head: LogHead): Promise<void> {
    return this.#oneByOne(() => this.#read(head))
  }

  /** Reads every entry again: one that was read may have been changed since. @throws Problem 503 `log_altered` */
  again(head: LogHead): Promise<void> {
    return this.#oneByOne(() => {
      this.#forget()
      return this.#read(head)
    })
  }

  /** Packages that entries from a sequence on are about. */
  changedSince(seq: number): string[] {
    return [...this.#touched].flatMap(([name, last]) => (last >= seq ? [name] : []))
  }

  /** Whether a version is in the state that the log tells. */
  tells({ id, dist, yank, governance }: CatalogueVersion): boolean {
    const logged = this.#versions.get(id)
    if (logged?.integrity !== dist.integrity) return false
    const [before, now] = [logged.yank, yank]
    if (before?.class !== now?.class || before?.deadline !== now?.deadline) return false
    if (logged.channel !== undefined && logged.channel !== governance.channel) return false
    if ([...logged.flags].some((flag) => !governance.flags.includes(flag))) return false
    return governance.regions.every(
      ({ region, attestation }) => !attestation || logged.regions.get(region) === 'approved',
    )
  }

  isActiveKey(keyid: string): boolean {
    return this.#keys.get(keyid) === 'active'
  }

  #oneByOne(read: () => Promise<void>): Promise<void> {
    const next = this.#turn.then(read)
    this.#turn = next.catch(() => undefined)
    return next
  }

  async #read(head: LogHead): Promise<void> {
    if (head.size < this.#frontier.size) return
    for await (const row of this.#log.rows(this.#frontier.size, head.size)) this.#take(row)
    if (this.#frontier.size === head.size && rootOf(this.#frontier).toString('hex') === head.root) return
    throw this.#altered(`Its entries are not the ${head.size} that were signed.`)
  }

  #take({ text, kind, subject }: Pick<LogDocument, 'text' | 'kind' | 'subject'>): void {
    const { size } = this.#frontier
    const entry = entryIn(text)
    // What an entry is found by is beside its text, and could hide it from who looks for it.
    const isSound =
      entry.seq === size && entry.prev === this.#last && entry.kind === kind && entry.subject === subject && entry.body
    if (!isSound) throw this.#altered(`Entry ${size} is not what was logged.`)
    const leaf = entryHash(text)
    this.#last = leaf.toString('hex')
    this.#frontier = appendLeaf(this.#frontier, leaf).frontier
    this.#touched.set(packageIn(subject), size)
    this.#replay(kind, subject, entry.body as Readonly<Record<string, never>>)
  }

  #replay(kind: string, subject: string, body: Readonly<Record<string, never>>): void {
    if (kind.startsWith('publisher-key.')) return this.#replayKey(kind, body)
    const version = this.#versions.get(subject) ?? {
      yank: null,
      flags: new Set<string>(),
      regions: new Map<string, string>(),
    }
    if (kind === 'version.published') Object.assign(version, { integrity: body['integrity'], channel: body['channel'] })
    else if (kind === 'version.yanked') version.yank = body as unknown as Yank
    else if (kind === 'version.restored') version.yank = null
    else if (kind === 'version.flagged') version.flags.add(body['flag'] ?? '')
    else if (kind === 'version.promoted' || kind === 'version.demoted') version.channel = body['to'] ?? ''
    else if (kind.startsWith('decision.')) version.regions.set(body['region'] ?? '', body['state'] ?? '')
    else return
    this.#versions.set(subject, version)
  }

  #replayKey(kind: string, body: Readonly<Record<string, never>>): void {
    const state = kind === 'publisher-key.registered' ? (body['state'] as KeyState | undefined) : undefined
    const isRevoked = kind === 'publisher-key.revoked'
    this.#keys.set(body['keyid'] ?? '', state ?? (isRevoked ? 'revoked' : 'active'))
  }

  /** Mended, it is read from its beginning. */
  #altered(how: string): Problem {
    this.#forget()
    return new Problem(
      503,
      'log_altered',
      `The log of the registry was altered. ${how} Nothing is signed until it is mended.`,
    )
  }

  #forget(): void {
    this.#versions = new Map()
    this.#keys = new Map()
    this.#touched = new Map()
    this.#frontier = emptyFrontier
    this.#last = noEntryBefore
  }
}

function entryIn(text: string): Partial<LogEntry> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<LogEntry>
  } catch {
    return {}
  }
}

/** Of `name@version`, or of what is about the package itself. */
function packageIn(subject: string): string {
  const at = subject.lastIndexOf('@')
  return at > 0 ? subject.slice(0, at) : subject
}
