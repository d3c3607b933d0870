import type { Composition, Entry } from '../composition/composition.ts'
import type { RemoteLoader } from '../remotes/remote-loader.ts'
import type { UnitSource } from './source.ts'
import { superviseUnit, type SupervisedUnit, type SupervisorTools } from './supervised-unit.ts'

/** One unit in one place of the screen. */
export interface Placement<Context> {
  /** Resolves once the unit, or the card in its place, is there for the first time. */
  readonly shown: Promise<void>
  /** Resolves once the unit has the new context. */
  update(context: Context): Promise<void>
  dispose(): Promise<void>
}

/** Everything of plugins that is on screen, kept in step with the composition. */
export interface Placements {
  /** @param onLate called when the unit has taken the place of the card that told of its delay */
  place<Context>(
    target: HTMLElement,
    unit: { plugin: string; expose: string },
    context: Context,
    onLate?: () => void,
  ): Placement<Context>
  /** Whether a working unit of the plugin is on screen. */
  inUse(plugin: string): boolean
  /** What of the plugin is on screen, to be loaded before a new version takes its place. */
  exposesOf(plugin: string): readonly string[]
  /** Shows what the composition says now; units of unchanged plugins stay as they are. */
  refresh(): Promise<void>
  /** Tries again what did not load for want of a connection. */
  recover(): Promise<void>
  /** Gives all units a new host, after a change of theme or language. */
  renew(): Promise<void>
}

interface Place {
  readonly plugin: string
  readonly expose: string
  readonly supervised: SupervisedUnit<unknown>
  context: unknown
  shown: string
}

/** What a place shows differs when this differs. */
const identity = (entry: Entry | undefined): string =>
  entry === undefined
    ? 'none'
    : entry.kind === 'available'
      ? entry.plugin.baseUrl
      : `${entry.kind} ${entry.plugin.state}`

export function createPlacements(
  composition: () => Composition,
  loader: RemoteLoader,
  tools: SupervisorTools,
): Placements {
  const places = new Set<Place>()

  function sourceOf(plugin: string, expose: string): UnitSource {
    const entry = composition().entries.get(plugin)
    if (entry?.kind !== 'available') {
      const { version = '', state = 'removed', cause, since = tools.now().toISOString() } = entry?.plugin ?? {}
      return { kind: 'unavailable', ref: { plugin, version, expose }, state, cause, since }
    }
    const { plugin: current } = entry
    return {
      kind: 'available',
      ref: { plugin, version: current.version, expose },
      load: () => loader.load(current, expose),
    }
  }

  function show(place: Place): Promise<void> {
    place.shown = identity(composition().entries.get(place.plugin))
    return place.supervised.show(sourceOf(place.plugin, place.expose))
  }

  return {
    place(target, { plugin, expose }, context, onLate) {
      const place: Place = {
        plugin,
        expose,
        context,
        shown: '',
        supervised: superviseUnit<unknown>(target, context, tools, onLate),
      }
      places.add(place)
      return {
        shown: show(place),
        update(next) {
          place.context = next
          return place.supervised.update(next)
        },
        async dispose() {
          places.delete(place)
          await place.supervised.stop()
        },
      }
    },
    inUse: (plugin) =>
      [...places].some((place) => place.plugin === plugin && ['loading', 'mounted'].includes(place.supervised.state)),
    exposesOf: (plugin) => [
      ...new Set([...places].filter((place) => place.plugin === plugin).map(({ expose }) => expose)),
    ],
    async refresh() {
      const changed = [...places].filter((place) => place.shown !== identity(composition().entries.get(place.plugin)))
      await Promise.all(changed.map(show))
    },
    async recover() {
      await Promise.all([...places].map(({ supervised }) => supervised.recover()))
    },
    async renew() {
      await Promise.all([...places].map((place) => place.supervised.update(place.context)))
    },
  }
}
