import { computed, ref, watch } from 'vue'
import { type Successors, successors } from '../list/rows.ts'
import type { PluginView } from './use-plugin.ts'
import { versionRows } from './version-rows.ts'

/**
 * Which versions could follow, and the one that the person looks at: until they choose, that which the page offers to change to.
 * @param id of the plugin that the page is about
 */
export function useChosenVersion(id: () => string, view: () => PluginView | undefined) {
  const next = computed<Successors>(() => {
    const data = view()
    return data
      ? successors(id(), data.installed?.version ?? null, data.stored, data.offer)
      : { newer: null, waiting: null, elsewhere: null }
  })
  /** What can be changed to. */
  const best = computed(() => next.value.newer ?? next.value.elsewhere)
  const picked = ref('')
  const chosen = computed({
    get() {
      const data = view()
      if (picked.value || !data) return picked.value
      const usual = best.value?.version ?? next.value.waiting ?? data.installed?.version
      return usual ?? versionRows(data.stored, data.offer.releases)[0]?.version ?? ''
    },
    set: (version) => void (picked.value = version),
  })
  // The page stays when somebody goes on to another plugin.
  watch(id, () => void (picked.value = ''))
  return { next, best, chosen }
}
