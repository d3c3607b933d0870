import { useApi, useQuery, type Query } from '@dcesop/sdk-plugin/ui'
import type { Ref } from 'vue'
import type { CustomerSummary } from '../../server/search.ts'
import type { Reference } from './open-customers.ts'

/** Names for kept ids, in their order; ids that the person may not see any more are left out. */
export function useSummaries(references: Readonly<Ref<readonly Reference[]>>): Query<readonly CustomerSummary[]> {
  const api = useApi()
  return useQuery(
    async ({ signal }) => {
      if (references.value.length === 0) return []
      const body = { customers: references.value }
      const answer = await api.post<{ customers: readonly CustomerSummary[] }>('/plugins/customers/summaries', body, {
        signal,
        background: true,
      })
      return answer.customers
    },
    { watch: references },
  )
}

export function customerPath({ region, id }: Reference): string {
  return `/customers/${region}/${id}`
}
