import { ApiProblem } from '@dcesop/sdk-plugin/ui'
import { computed, type ComputedRef, type Ref, readonly, ref, shallowRef } from 'vue'
import type { PreferenceClient } from '../state/preferences-client.ts'
import {
  addWidget,
  type DashboardLayout,
  defaultLayout,
  itemId,
  maximumItems,
  parseLayout,
  readingOrder,
  removeWidget,
  type WidgetOffer,
} from './layout.ts'

export type BoardState = 'loading' | 'ready' | 'error'

export interface BoardStore {
  readonly state: Readonly<Ref<BoardState>>
  readonly problem: Readonly<Ref<ApiProblem | undefined>>
  /** What is on screen; in reading order once it was saved. */
  readonly layout: ComputedRef<DashboardLayout>
  readonly full: ComputedRef<boolean>
  readonly saving: Readonly<Ref<boolean>>
  load(): Promise<void>
  add(offer: WidgetOffer): void
  remove(id: string): void
  move(positions: readonly { id: string; x: number; y: number; w: number; h: number }[]): void
  reset(): void
  /** Keeps the layout on the host. @throws ApiProblem, 412 when it was changed elsewhere */
  save(): Promise<void>
  /** Back to what was saved last. */
  discard(): void
}

/** One person's board: the default of their roles until they arrange one. */
export function createBoardStore(
  preference: PreferenceClient,
  offers: () => readonly WidgetOffer[],
  roles: () => readonly string[],
): BoardStore {
  const state = ref<BoardState>('loading')
  const problem = shallowRef<ApiProblem>()
  const saved = shallowRef<DashboardLayout>()
  const draft = shallowRef<DashboardLayout>()
  const saving = ref(false)
  const layout = computed(() => draft.value ?? saved.value ?? defaultLayout(offers(), roles()))

  return {
    state: readonly(state),
    problem,
    layout,
    saving: readonly(saving),
    full: computed(() => layout.value.items.length >= maximumItems),
    async load() {
      try {
        saved.value = parseLayout(await preference.read())
        problem.value = undefined
        state.value = 'ready'
      } catch (error) {
        if (!(error instanceof ApiProblem)) throw error
        problem.value = error
        state.value = 'error'
      }
    },
    add: (offer) => void (draft.value = addWidget(layout.value, offer, itemId(offer.widget))),
    remove: (id) => void (draft.value = removeWidget(layout.value, id)),
    move(positions) {
      const by = new Map(positions.map((position) => [position.id, position]))
      draft.value = {
        version: 1,
        items: layout.value.items.map((item) => {
          const { x, y, w, h } = by.get(item.id) ?? item
          return { ...item, x, y, w, h }
        }),
      }
    },
    reset: () => void (draft.value = defaultLayout(offers(), roles())),
    async save() {
      saving.value = true
      try {
        const next: DashboardLayout = { version: 1, items: readingOrder(layout.value.items) }
        await preference.write(next)
        saved.value = next
        draft.value = undefined
      } finally {
        saving.value = false
      }
    },
    discard: () => void (draft.value = undefined),
  }
}
