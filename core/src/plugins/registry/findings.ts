import type { Snapshot, SnapshotVersion, YankClass } from '@dcesop/sdk-plugin/signing'
import type { Reaction } from '../../config/config.ts'
import { because, type Reason } from '../journal/reasons.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import type { RegistrySettings } from './settings.ts'
import { integrityOf } from './verify-release.ts'

/** What the registry has against a package that is here. */
export interface Finding {
  readonly plugin: string
  readonly version: string
  readonly digest: string
  readonly rule: 'yanked' | 'flagged' | 'unapproved' | 'unlisted'
  readonly class: YankClass | null
  readonly reason: string
  /** Where it is no longer approved; of rule `unapproved` only. */
  readonly regions?: readonly string[]
  /** By when nobody may run it any more. */
  readonly deadline: string | null
  readonly reaction: Reaction
  /** Whether it must not run now. */
  readonly due: boolean
  readonly snapshot: number
}

type Judged = Pick<Finding, 'rule' | 'class' | 'reason' | 'regions' | 'deadline' | 'reaction'>

const indexes = new WeakMap<Snapshot, Map<string, SnapshotVersion>>()

/** By its bytes, whichever way it came here. Only what came from the registry needs its approvals. */
export function findingAbout(
  { digest, manifest, evidence }: CatalogueEntry,
  snapshot: Snapshot,
  { react, regions }: Pick<RegistrySettings, 'react' | 'regions'>,
  now: Date,
): Finding | undefined {
  const release = listedAs(digest, snapshot)
  const judged = release ? judge(release, react, evidence ? regions : []) : evidence ? unlisted : undefined
  if (!judged) return undefined
  const due = judged.reaction === 'act' && (judged.deadline === null || Date.parse(judged.deadline) <= now.getTime())
  return { plugin: manifest.id, version: manifest.version, digest, ...judged, due, snapshot: snapshot.number }
}

const unlisted: Judged = {
  rule: 'unlisted',
  class: null,
  reason: 'The registry does not list it any more.',
  deadline: null,
  reaction: 'tell',
}

function judge(
  { state, yank, flags = [], approvals = {} }: SnapshotVersion,
  react: RegistrySettings['react'],
  regions: readonly string[],
): Judged | undefined {
  if (state === 'yanked' && yank) {
    // Without a deadline only what is dangerous must stop at once.
    const reaction = yank.deadline === null && yank.class !== 'security' ? 'tell' : react[yank.class]
    return { rule: 'yanked', class: yank.class, reason: yank.reason, deadline: yank.deadline, reaction }
  }
  if (flags.length > 0)
    return { rule: 'flagged', class: null, reason: flags.join(', '), deadline: null, reaction: react.flagged }
  const open = regions.filter((region) => approvals[region] === undefined)
  if (open.length === 0) return undefined
  const reason = `The approval for ${open.join(', ')} was taken back.`
  return { rule: 'unapproved', class: null, reason, regions: open, deadline: null, reaction: react.unapproved }
}

/** For the administrator, and for the journal. */
export function reasonOfFinding(finding: Finding): Reason {
  const { plugin, version, rule, class: kind, reason: why, deadline, snapshot } = finding
  const about = { plugin, version, deadline: deadline ?? 'none', snapshot }
  if (rule === 'yanked') return because('yanked', { ...about, kind: kind ?? '', why })
  if (rule === 'flagged') return because('flagged', { ...about, why })
  return rule === 'unapproved'
    ? because('unapproved', { ...about, regions: finding.regions ?? [] })
    : because('unlisted', about)
}

/** Those bytes as a version of the registry, whichever way they came here. */
export function listedAs(digest: string, snapshot: Snapshot): SnapshotVersion | undefined {
  return indexOf(snapshot).get(integrityOf(digest))
}

function indexOf(snapshot: Snapshot): Map<string, SnapshotVersion> {
  const known = indexes.get(snapshot)
  if (known) return known
  const all = Object.values(snapshot.packages).flatMap(({ versions }) => Object.values(versions))
  const index = new Map(all.map((version) => [version.integrity, version]))
  indexes.set(snapshot, index)
  return index
}
