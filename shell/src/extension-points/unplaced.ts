import { type Composition, extensionsOf } from '../composition/composition.ts'
import type { FeedPoint } from '../feed/feed.ts'

/** Points of the shell's own screens. */
const shellPoints: readonly FeedPoint[] = [{ id: 'dashboard.widget/v1' }]

/** An extension that no screen shows: nothing that runs offers its point, and the region gave it no other place. */
export interface Unplaced {
  /** `plugin/extension`. */
  readonly name: string
  readonly plugin: string
  readonly titleKey: string
  readonly point: string
  /** Versions of the same point that are offered. */
  readonly offered: readonly string[]
}

/** Every point that is offered, with what its owner declares of it. */
export function offeredPoints(composition: Composition): readonly FeedPoint[] {
  const ofPlugins = [...composition.entries.values()].flatMap((entry) =>
    entry.kind === 'available' ? entry.plugin.points : [],
  )
  return [...shellPoints, ...ofPlugins]
}

const nameOf = (point: string) => point.replace(/\/v\d+$/, '')

/** Extensions of this person's plugins without a place anywhere, by name. */
export function unplacedExtensions(composition: Composition, permissions: ReadonlySet<string>): Unplaced[] {
  const offered = offeredPoints(composition).map(({ id }) => id)
  const all = [...composition.entries.values()].flatMap(({ plugin }) =>
    plugin.extensions.map(({ id, point }) => ({ name: `${plugin.id}/${id}`, point })),
  )
  const placed = new Set(all.filter(({ point }) => offered.includes(point)).map(({ name }) => name))
  return [...new Set(all.map(({ point }) => point))]
    .filter((point) => !offered.includes(point))
    .flatMap((point) =>
      extensionsOf(composition, point, permissions)
        .filter(({ entry }) => entry.kind === 'available')
        .map(({ entry: { plugin }, item }) => ({
          name: `${plugin.id}/${item.id}`,
          plugin: plugin.id,
          titleKey: item.titleKey,
          point,
          offered: offered.filter((other) => nameOf(other) === nameOf(point)),
        })),
    )
    .filter(({ name }) => !placed.has(name))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'))
}
