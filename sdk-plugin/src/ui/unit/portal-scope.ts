import { computed, type ComputedRef } from 'vue'
import { useI18nSource, useOptionalHostRef } from './injection.ts'

/** Attributes for content that leaves its plugin's element (dialogs, menus): its language and its styles go along. */
export function usePortalScope(): ComputedRef<{ lang: string; class?: string; 'data-plugin'?: string }> {
  const host = useOptionalHostRef()
  const i18n = useI18nSource()
  return computed(() => ({
    lang: i18n().locale,
    ...(host === undefined ? {} : { class: `p-${host.value.plugin.id}`, 'data-plugin': host.value.plugin.id }),
  }))
}
