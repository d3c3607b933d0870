import { Problem } from '@dcesop/sdk-plugin'
import type { Snapshot, SnapshotPackage, SnapshotVersion } from '@dcesop/sdk-plugin/signing'
import { because, type Reason } from '../journal/reasons.ts'

/** A version as the snapshot has it. */
export interface Listed {
  /** npm name. */
  readonly package: string
  readonly version: string
  readonly release: SnapshotVersion
  readonly siblings: SnapshotPackage
}

/** Who wants a version. */
export interface Audience {
  readonly regions: readonly string[]
  /** Channels that are followed; one of them is enough. */
  readonly channels: readonly string[]
}

/** Publisher of `@publisher/dcesop-<id>`. */
export function publisherOf(name: string): string {
  return /^@([^/]+)\//.exec(name)?.[1] ?? ''
}

/**
 * Finds a version of a plugin in the snapshot.
 * @param bound the package that the plugin's id belongs to here; a package of another publisher never takes its place
 * @throws Problem 404 `release_not_listed`, 409 `publisher_changed`
 */
export function findListed(snapshot: Snapshot, id: string, version: string, bound: string | undefined): Listed {
  const found = Object.entries(snapshot.packages).filter(
    ([name, { versions }]) =>
      name.startsWith('@') && name.endsWith(`/dcesop-${id}`) && Object.hasOwn(versions, version),
  )
  const [own] = bound === undefined ? found : found.filter(([name]) => name === bound)
  const names = found.map(([name]) => name)
  if (!own && found.length > 0)
    throw changed(because('publisher_bound', { plugin: id, bound: bound ?? '', found: names }), { bound, found: names })
  if (!own) throw unlisted(because('release_unlisted', { plugin: id, version, snapshot: snapshot.number }))
  if (bound === undefined && found.length > 1)
    throw changed(because('publisher_several', { plugin: id, found: names }), { found: names })
  const [name, siblings] = own
  return { package: name, version, release: siblings.versions[version] as SnapshotVersion, siblings }
}

function changed({ reason, causes }: Reason, extensions: object): Problem {
  return new Problem(409, 'publisher_changed', reason, { extensions: { ...extensions, causes } })
}

/** A version that cannot be had here. */
export function unlisted({ reason, causes }: Reason): Problem {
  return new Problem(404, 'release_not_listed', reason, { extensions: { causes } })
}

/** Why a version may not be installed: a rule, and a sentence. */
export interface Barrier {
  readonly rule: 'yanked' | 'flagged' | 'unapproved' | 'channel'
  readonly sentence: string
  /** The same as the registry would put it where there is no plan, for a text in any language. */
  readonly conflict: readonly Objection[]
}

interface Objection {
  readonly rule: 'barred'
  readonly text: string
  readonly code: string
  readonly params: Readonly<Record<string, string | readonly string[]>>
}

export function barrierTo(
  { package: name, version, release, siblings }: Listed,
  audience: Audience,
): Barrier | undefined {
  const id = `${name}@${version}`
  const { yank, flags = [], approvals = {} } = release
  const some = { plugin: name.slice(name.indexOf('/dcesop-') + '/dcesop-'.length), versions: [version] }
  const barrier = (rule: Barrier['rule'], sentence: string, ...each: Objection['params'][]): Barrier => {
    const about = (params: Objection['params']) => ({ code: `barred_${rule}`, params: { ...some, ...params } })
    return { rule, sentence, conflict: each.map((params) => ({ rule: 'barred', text: sentence, ...about(params) })) }
  }
  if (release.state === 'yanked') {
    const { class: kind = 'unknown', reason: why = 'no reason' } = yank ?? {}
    return barrier('yanked', `${id} was yanked (${kind}): ${why}`, { kind, why })
  }
  if (flags.length > 0) return barrier('flagged', `${id} is flagged by the registry: ${flags.join(', ')}.`, { flags })
  const open = audience.regions.filter((region) => approvals[region] === undefined)
  if (open.length > 0) {
    const named = open.map((region) => `"${region}"`).join(', ')
    return barrier('unapproved', `${id} is not approved for ${named}.`, ...open.map((region) => ({ region })))
  }
  const { channel } = release
  if (audience.channels.some((followed) => isInChannel(channel, followed, siblings))) return undefined
  const wanted = audience.channels.join(', ')
  return barrier('channel', `${id} is in channel "${channel}", and not in "${wanted}".`, { channel, wanted })
}

/** The snapshot names the channels from the least to the most stable, and leaves out those without a version. */
function isInChannel(of: string, followed: string, { channels }: SnapshotPackage): boolean {
  const order = Object.keys(channels)
  return order.includes(followed) && order.indexOf(of) >= order.indexOf(followed)
}
