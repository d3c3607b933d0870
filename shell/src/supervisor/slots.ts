import type { SlotHandle, SlotHost } from '@dcesop/sdk-plugin/ui'
import { type Composition, extensionsOf } from '../composition/composition.ts'
import type { Placement, Placements } from './placements.ts'

export interface Slots extends SlotHost {
  /** Adds what became available and keeps cards for what went away, in every mounted slot. */
  refresh(): void
}

interface Slot {
  reconcile(): void
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

  function maximumOf(point: string): number {
    const points = [...composition().entries.values()].flatMap((entry) =>
      entry.kind === 'available' ? entry.plugin.points : [],
    )
    return points.find(({ id }) => id === point)?.max ?? Infinity
  }

  function mountSlot(
    point: string,
    element: HTMLElement,
    initial: unknown,
    onCount?: (count: number) => void,
  ): SlotHandle {
    let context = initial
    const mounted = new Map<string, { place: Placement<unknown>; element: HTMLElement }>()

    function reconcile(): void {
      const wanted = extensionsOf(composition(), point, permissions())
        .map(({ entry, item }) => ({ key: `${entry.plugin.id}/${item.id}`, entry, expose: item.expose }))
        .filter(({ key, entry }) => entry.kind === 'available' || mounted.has(key))
        .slice(0, maximumOf(point))
      const keys = new Set(wanted.map(({ key }) => key))
      for (const [key, gone] of mounted) if (!keys.has(key)) remove(key, gone)
      wanted.forEach(({ key, entry, expose }, index) => {
        const child = mounted.get(key)?.element ?? document.createElement('div')
        const there = element.children[index]
        if (there !== child) element.insertBefore(child, there ?? null)
        if (mounted.has(key)) return
        child.dataset['extension'] = key
        mounted.set(key, {
          element: child,
          place: placements.place(child, { plugin: entry.plugin.id, expose }, context),
        })
      })
      onCount?.(mounted.size)
    }

    function remove(key: string, { place, element: child }: { place: Placement<unknown>; element: HTMLElement }): void {
      mounted.delete(key)
      void place.dispose().then(() => child.remove())
    }

    const slot = { reconcile }
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
      },
    }
  }

  return { mountSlot, refresh: () => [...slots].forEach((slot) => slot.reconcile()) }
}
