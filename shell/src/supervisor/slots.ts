import type { SlotHandle, SlotHost } from '@dcesop/sdk-plugin/ui'
import { type Composition, extensionsOf } from '../composition/composition.ts'
import type { FeedExtension, FeedPoint } from '../feed/feed.ts'
import type { Placement, Placements } from './placements.ts'

export interface Slots extends SlotHost {
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
  permissions: () => ReadonlySet<string>,
  placements: Placements,
): Slots {
  const slots = new Set<Slot>()
  const listeners = new Set<() => void>()
  const changed = () => [...listeners].forEach((listener) => listener())

  function declarationOf(point: string): FeedPoint | undefined {
    const points = [...composition().entries.values()].flatMap((entry) =>
      entry.kind === 'available' ? entry.plugin.points : [],
    )
    return points.find(({ id }) => id === point)
  }

  function mountSlot(
    point: string,
    element: HTMLElement,
    initial: unknown,
    onCount?: (count: number) => void,
  ): SlotHandle {
    let context = initial
    const mounted = new Map<string, Mounted>()

    function reconcile(): void {
      const wanted = extensionsOf(composition(), point, permissions())
        .map(({ entry, item }) => ({ key: `${entry.plugin.id}/${item.id}`, entry, item }))
        .filter(({ key, entry }) => entry.kind === 'available' || mounted.has(key))
        .slice(0, declarationOf(point)?.max)
      const keys = new Set(wanted.map(({ key }) => key))
      for (const [key, gone] of mounted) if (!keys.has(key)) remove(key, gone)
      wanted.forEach(({ key, entry, item }, index) => {
        const child = mounted.get(key)?.element ?? document.createElement('div')
        const there = element.children[index]
        if (there !== child) element.insertBefore(child, there ?? null)
        if (mounted.has(key)) return
        child.dataset['extension'] = key
        mounted.set(key, mountIn(child, entry.plugin.id, item))
      })
      onCount?.(mounted.size)
      changed()
    }

    function mountIn(child: HTMLElement, plugin: string, { expose, titleKey }: FeedExtension): Mounted {
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
      return { point, element, budgetMs: declarationOf(point)?.budgetMs, extensions }
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
        context = next
        for (const { place } of mounted.values()) void place.update(next)
      },
      dispose() {
        slots.delete(slot)
        for (const [key, each] of [...mounted]) remove(key, each)
        changed()
      },
    }
  }

  return {
    mountSlot,
    refresh: () => [...slots].forEach((slot) => slot.reconcile()),
    inspect: () => [...slots].map((slot) => slot.view()),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
