import { computed, ref } from 'vue'
import { useApi, useHost, useQuery, useTopic } from '@dcesop/sdk-plugin/ui'
import type { Overview } from './types.ts'

const refreshMs = 30_000

/** The region's network now; a pushed incident refetches it. */
export function useOverview() {
  const api = useApi()
  const host = useHost()
  const regions = computed(() => host.user.regions)
  const region = ref(regions.value[0] ?? '')

  const overview = useQuery<Overview>(
    ({ signal, background }) =>
      api.get('/plugins/diagnostics/overview', { query: { region: region.value }, signal, background }),
    { refreshMs, watch: region, enabled: computed(() => region.value !== '') },
  )
  useTopic(
    () => (region.value === '' ? undefined : { topic: 'diagnostics.incidents', region: region.value, key: 'all' }),
    {
      message: () => void overview.refetch(),
      resync: () => void overview.refetch(),
    },
  )
  return { overview, region, regions }
}
