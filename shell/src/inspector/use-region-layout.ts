import { ApiProblem, problemText, useI18n } from '@dcesop/sdk-plugin/ui'
import { computed, ref, shallowRef, watch } from 'vue'
import { useShell } from '../state/shell.ts'
import { type Layout, readLayout, writeLayout } from './layout.ts'

/** Order and visibility of extensions in one of the person's regions: read when the region is chosen, written at once. */
export function useRegionLayout() {
  const { api, session, announcer, toasts } = useShell()
  const text = useI18n()
  const regions = computed(() => session.user.value?.regions ?? [])
  const mayManage = computed(() =>
    ['platform.plugins:manage', 'platform.plugins:manage-region'].some((permission) =>
      session.user.value?.permissions.has(permission),
    ),
  )
  const region = ref(regions.value[0] ?? '')
  const layout = shallowRef<Layout>()
  const busy = ref(false)

  /** The country of a region in words, where its id is the code of one. */
  function regionName(id: string): string {
    const code = id.toUpperCase()
    const known = /^[A-Z]{2}$/.test(code) && new Intl.DisplayNames(text.locale, { type: 'region' }).of(code)
    return known || code
  }

  async function contained(work: () => Promise<void>): Promise<void> {
    busy.value = true
    try {
      await work()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      const message =
        error.code === 'conflict'
          ? text.t('shell.inspector.conflict', { region: regionName(region.value) })
          : problemText(error, text)
      toasts.push({ tone: 'danger', text: message })
      announcer.announce(message, { priority: 'assertive' })
      if (error.code === 'conflict') layout.value = await readLayout(api, region.value)
    } finally {
      busy.value = false
    }
  }

  watch(
    region,
    (chosen) => void (chosen && contained(async () => void (layout.value = await readLayout(api, chosen)))),
    { immediate: true },
  )

  function change(next: Layout, message: string): void {
    if (next === layout.value || busy.value) return
    void contained(async () => {
      layout.value = await writeLayout(api, next)
      announcer.announce(message)
    })
  }

  return { regions, region, regionName, layout, mayManage, change }
}
