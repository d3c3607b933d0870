import { holdsWhen } from '@dcesop/sdk-plugin/contracts'
import type { SlotHandle, SlotHost, UiUser } from '@dcesop/sdk-plugin/ui'
import { type Composition, type Entry, extensionsOf } from '../composition/composition.ts'
import { guardContext } from '../extension-points/guarded-context.ts'
import { offeredPoints } from '../extension-points/unplaced.ts'
import type { FeedExtension, FeedPoint, UnitRef } from '../feed/feed.ts'
import type { Placement, Placements } from './placements.ts'
import type { SupervisorTools } from './supervised-unit.ts'

/** What slots need of the shell. */
export interface SlotTools extends Pick<SupervisorTools, 'now' | 'newIncidentId' | 'report' | 'showCard'> {
  /** Shows the author of a build in development what their page did wrong. */
  tellAuthor(point: string, problem: string): void
}

export interface Slots {
  /** Slots of one unit's screen: what it hands over is its own doing, not that of the extensions. */
  hostFor(unit: UnitRef): SlotHost
  /** Adds what became available and keeps cards for what went away, in every mounted slot. */
  refresh(): void
  /** Every slot on screen as it stands. */
  inspect(): readonly SlotView[]
  /** Called after each change of what `inspect` tells. */
  onChange(listener: () => void): () => void
}

/** One extension point on screen. */
export interface SlotView {
  readonly point: string
  readonly element: HTMLElement
  /** Time that its extensions have to their first rendering, ms; undefined where the point sets none. */
  readonly budgetMs: number | undefined
  /** What is wrong with the context that the page hands over; undefined when it keeps the point's contract. */
  readonly problem: string | undefined
  readonly extensions: readonly ExtensionView[]
}

export interface ExtensionView {
  /** `plugin/extension`, as layouts name it. */
  readonly name: string
  readonly plugin: string
  readonly titleKey: string
  readonly version: string
  /** From its place in the slot to its first rendering, ms; undefined while that is to come. */
  readonly shownMs: number | undefined
}

interface Slot {
  reconcile(): void
  view(): SlotView
}

interface Wanted {
  readonly key: string
  readonly entry: Entry
  readonly item: FeedExtension
}

/** The height that a point gives to each of its extensions. */
function fitTo(
  { style }: HTMLElement,
  { minHeight, maxHeight }: Pick<FeedPoint, 'minHeight' | 'maxHeight'> = {},
): void {
  if (minHeight !== undefined) style.minHeight = `${minHeight}px`
  if (maxHeight === undefined) return
  style.maxHeight = `${maxHeight}px`
  style.overflowY = 'auto'
}

interface Mounted {
  readonly place: Placement<unknown>
  readonly element: HTMLElement
  readonly plugin: string
  readonly titleKey: string
  shownMs: number | undefined
}

/**
 * Extension points on screen. A contribution that goes away after it was shown keeps its place and says why; one that was
 * never shown takes none.
 */
export function createSlots(
  composition: () => Composition,
  user: () => Pick<UiUser, 'permissions' | 'roles' | 'regions'>,
  placements: Placements,
  tools: SlotTools,
): Slots {
  const slots = new Set<Slot>()
  const listeners = new Set<() => void>()
  const changed = () => [...listeners].forEach((listener) => listener())

  const declarationOf = (point: string): FeedPoint | undefined =>
    offeredPoints(composition()).find(({ id }) => id === point)

  /** The page broke its own contract: its owner is told, and no extension counts a failure. */
  function reportPage({ plugin, version, expose: unit }: UnitRef, point: string, problem: string): string {
    const id = tools.newIncidentId()
    const message = `${point}: ${problem}`
    tools.report({ id, plugin, version, unit, phase: 'context', message, at: tools.now().toISOString() })
    const entry = composition().entries.get(plugin)
    if (entry?.kind === 'available' && entry.plugin.dev) tools.tellAuthor(point, problem)
    return id
  }

  function mountSlot(
    page: UnitRef,
    point: string,
    element: HTMLElement,
    initial: unknown,
    onCount?: (count: number) => void,
  ): SlotHandle {
    let incident = ''
    const guard = guardContext(initial, (problem) => (incident = reportPage(page, point, problem)))
    const mounted = new Map<string, Mounted>()
    let removeCard: (() => void) | undefined

    function reconcile(): void {
      guard.check(declarationOf(point)?.contextSchema)
      const { permissions, roles, regions } = user()
      const scope = { context: guard.good?.context, user: { roles, regions } }
      const wanted = extensionsOf(composition(), point, permissions)
        .filter(({ item: { when } }) => when === undefined || holdsWhen(when, scope))
        .map(({ entry, item }) => ({ key: `${entry.plugin.id}/${item.id}`, entry, item }))
        .filter(({ key, entry }) => entry.kind === 'available' || mounted.has(key))
        .slice(0, declarationOf(point)?.max)
      if (guard.good) place(guard.good.context, wanted)
      else if (wanted.length > 0) showPagesCard()
      onCount?.(wanted.length)
      changed()
    }

    function place(context: unknown, wanted: readonly Wanted[]): void {
      removeCard?.()
      removeCard = undefined
      const keys = new Set(wanted.map(({ key }) => key))
      for (const [key, gone] of mounted) if (!keys.has(key)) remove(key, gone)
      wanted.forEach(({ key, entry, item }, index) => {
        const child = mounted.get(key)?.element ?? document.createElement('div')
        const there = element.children[index]
        if (there !== child) element.insertBefore(child, there ?? null)
        if (mounted.has(key)) return
        child.dataset['extension'] = key
        fitTo(child, declarationOf(point))
        mounted.set(key, mountIn(child, entry.plugin.id, item, context))
      })
    }

    /** In place of all extensions: not one of them could work with what the page hands over. */
    function showPagesCard(): void {
      removeCard ??= tools.showCard(element, {
        ref: page,
        reason: 'context',
        since: tools.now().toISOString(),
        incident,
      })
    }

    function mountIn(
      child: HTMLElement,
      plugin: string,
      { expose, titleKey }: FeedExtension,
      context: unknown,
    ): Mounted {
      const begun = performance.now()
      const place = placements.place(child, { plugin, expose }, context)
      const made: Mounted = { element: child, plugin, titleKey, place, shownMs: undefined }
      void place.shown.then(() => {
        made.shownMs = performance.now() - begun
        changed()
      })
      return made
    }

    function view(): SlotView {
      const { entries } = composition()
      const extensions = [...element.children].flatMap((child): ExtensionView[] => {
        const name = (child as HTMLElement).dataset['extension'] ?? ''
        const found = mounted.get(name)
        if (!found) return []
        const { plugin, titleKey, shownMs } = found
        return [{ name, plugin, titleKey, version: entries.get(plugin)?.plugin.version ?? '', shownMs }]
      })
      return { point, element, budgetMs: declarationOf(point)?.budgetMs, problem: guard.problem, extensions }
    }

    function remove(key: string, { place, element: child }: Mounted): void {
      mounted.delete(key)
      void place.dispose().then(() => child.remove())
    }

    const slot = { reconcile, view }
    slots.add(slot)
    reconcile()
    return {
      update(next) {
        const before = [...mounted]
        guard.offer(next)
        reconcile()
        if (guard.problem === undefined && guard.good)
          for (const [key, { place: there }] of before) if (mounted.has(key)) void there.update(guard.good.context)
      },
      dispose() {
        slots.delete(slot)
        removeCard?.()
        for (const [key, each] of [...mounted]) remove(key, each)
        changed()
      },
    }
  }

  return {
    hostFor: (unit) => ({ mountSlot: (...given) => mountSlot(unit, ...given) }),
    refresh: () => [...slots].forEach((slot) => slot.reconcile()),
    inspect: () => [...slots].map((slot) => slot.view()),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
