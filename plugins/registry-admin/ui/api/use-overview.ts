import { type Query, useApi, useQuery } from '@dcesop/sdk-plugin/ui'
import type { ListAnswer } from './host-answers.ts'
import type { ReleasesAnswer } from './registry-answers.ts'

export interface Overview {
  readonly list: ListAnswer
  readonly offer: ReleasesAnswer
}

/** Everything installed and offered, fresh each 15 s. */
export function useOverview(): Query<Overview> {
  const api = useApi()
  return useQuery<Overview>(
    async (context) => {
      const [list, offer] = await Promise.all([
        api.get<ListAnswer>('/admin/plugins', context),
        api.get<ReleasesAnswer>('/admin/registry/releases', context),
      ])
      return { list, offer }
    },
    {
      refreshMs: 15_000,
      isEmpty: ({ list, offer }) => list.plugins.length + list.packages.length + offer.releases.length === 0,
    },
  )
}
