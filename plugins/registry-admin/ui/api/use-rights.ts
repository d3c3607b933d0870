import { useHost, usePermission } from '@dcesop/sdk-plugin/ui'
import { computed } from 'vue'

/** What the person may change: everything, or what runs in their regions. The host decides again at each request. */
export function useRights() {
  const host = useHost()
  const everywhere = usePermission('platform.plugins:manage')
  const inRegion = usePermission('platform.plugins:manage-region')
  const audit = usePermission('platform.audit:read')
  return {
    everywhere: computed(() => everywhere.value),
    any: computed(() => everywhere.value || inRegion.value),
    audit: computed(() => audit.value),
    regions: computed(() => host.user.regions),
  }
}
