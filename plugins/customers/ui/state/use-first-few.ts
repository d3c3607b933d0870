import { computed, type ComputedRef, type Ref, ref } from 'vue'

/** How many of a list are shown where what follows it must stay within reach. */
export const few = 5

export interface FirstFew<T> {
  readonly shown: ComputedRef<readonly T[]>
  /** Whether some are held back. */
  readonly shortened: ComputedRef<boolean>
  /** Shows all, or only the first again. */
  showAll(all: boolean): void
}

/** The first few of a list while `short` holds, until somebody asks for all of them. */
export function useFirstFew<T>(items: Readonly<Ref<readonly T[]>>, short: () => boolean): FirstFew<T> {
  const all = ref(false)
  const shortened = computed(() => short() && !all.value && items.value.length > few)
  return {
    shown: computed(() => (shortened.value ? items.value.slice(0, few) : items.value)),
    shortened,
    showAll: (wanted) => void (all.value = wanted),
  }
}
