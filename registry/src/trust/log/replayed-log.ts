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
import { createHash } from 'node:crypto'
import type { CatalogueVersion } from '../../distribution/catalogue/catalogue.ts'
import type { LogDocument } from '../trust-documents.ts'
import { ReplayedTags } from './replayed-tags.ts'

/** A version by the entries about it. */
interface LoggedVersion {
  integrity?: string
  channel?: string
  /** Digest of what is offered to shells; entries of before have none. */
  ui?: string
  yank: Yank | null
  readonly flags: Set<string>
  /** State of the decision by region. */
  readonly regions: Map<string, string>
}

type KeyState = 'pending' | 'active' | 'revoked'
type Body = Readonly<Record<string, never>>

/** What the entries of the log say together, from the first one on. */
export class ReplayedLog {
  readonly #versions = new Map<string, LoggedVersion>()
  readonly #keys = new Map<string, KeyState>()
  readonly #tags = new ReplayedTags()
  /** Sequence of the last entry about a package. */
  readonly #touched = new Map<string, number>()
  #frontier: Frontier = emptyFrontier
  #last = noEntryBefore

  get size(): number {
    return this.#frontier.size
  }

  /** Whether these are all the entries of a head, and no others. */
  isWhole({ size, root }: LogHead): boolean {
    return this.size === size && rootOf(this.#frontier).toString('hex') === root
  }

  /** @returns false for an entry that does not follow the one before, or is found by something else than it says */
  take({ text, kind, subject }: Pick<LogDocument, 'text' | 'kind' | 'subject'>): boolean {
    const entry = entryIn(text)
    if (entry.seq !== this.size || entry.prev !== this.#last || !entry.body) return false
    // What an entry is found by is beside its text, and could hide it from who looks for it.
    if (entry.kind !== kind || entry.subject !== subject) return false
    const leaf = entryHash(text)
    this.#touched.set(packageIn(subject), this.size)
    this.#last = leaf.toString('hex')
    this.#frontier = appendLeaf(this.#frontier, leaf).frontier
    this.#replay(kind, subject, entry.body as Body)
    return true
  }

  changedSince(seq: number): string[] {
    return [...this.#touched].flatMap(([name, last]) => (last >= seq ? [name] : []))
  }

  tells({ id, dist, yank, governance }: CatalogueVersion): boolean {
    const logged = this.#versions.get(id)
    if (logged?.integrity !== dist.integrity) return false
    const [before, now] = [logged.yank, yank]
    if (before?.class !== now?.class || before?.deadline !== now?.deadline || before?.reason !== now?.reason)
      return false
    if (logged.channel !== undefined && logged.channel !== governance.channel) return false
    if ([...logged.flags].some((flag) => !governance.flags.includes(flag))) return false
    return governance.regions.every(
      ({ region, attestation }) => !attestation || logged.regions.get(region) === 'approved',
    )
  }

  /** @param text what the database has of the files of its user interface */
  tellsUi(id: string, text: string): boolean {
    const logged = this.#versions.get(id)?.ui
    return logged === undefined || logged === sha256(text)
  }

  tagsOf(name: string): ReadonlyMap<string, string> | undefined {
    return this.#tags.of(name)
  }

  isActiveKey(keyid: string): boolean {
    return this.#keys.get(keyid) === 'active'
  }

  #replay(kind: string, subject: string, body: Body): void {
    if (kind.startsWith('publisher-key.')) return this.#replayKey(kind, body)
    this.#tags.take(kind, subject, body)
    const version = this.#versions.get(subject) ?? {
      yank: null,
      flags: new Set<string>(),
      regions: new Map<string, string>(),
    }
    if (kind === 'version.published') {
      const { integrity, channel, ui } = body
      Object.assign(version, { integrity, channel, ui })
    } else if (kind === 'version.yanked') version.yank = body as unknown as Yank
    else if (kind === 'version.restored') version.yank = null
    else if (kind === 'version.flagged') version.flags.add(body['flag'] ?? '')
    else if (kind === 'version.promoted' || kind === 'version.demoted') version.channel = body['to'] ?? ''
    else if (kind.startsWith('decision.')) version.regions.set(body['region'] ?? '', body['state'] ?? '')
    else return
    this.#versions.set(subject, version)
  }

  #replayKey(kind: string, body: Body): void {
    const state = kind === 'publisher-key.registered' ? (body['state'] as KeyState | undefined) : undefined
    const isRevoked = kind === 'publisher-key.revoked'
    this.#keys.set(body['keyid'] ?? '', state ?? (isRevoked ? 'revoked' : 'active'))
  }
}

/** In hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
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
