import { ApiProblem, type Query, useApi, useQuery } from '@dcesop/sdk-plugin/ui'
import { toValue } from 'vue'
import type { KillOrder, ListAnswer, PluginAnswer, StoredVersion, Usage } from '../api/host-answers.ts'
import type { ReleasesAnswer } from '../api/registry-answers.ts'

/** A plugin as it stands here; `installed` is null while it is only offered. */
export interface PluginView {
  readonly installed: PluginAnswer | null
  /** By locale. */
  readonly title: Readonly<Record<string, string>>
  readonly usage: Usage
  readonly offer: ReleasesAnswer
  /** Packages of it in the store. */
  readonly stored: readonly StoredVersion[]
  readonly orders: readonly KillOrder[]
  /** Where the registry is; null without one. */
  readonly registry: string | null
}

/** Fresh each 5 s, so that a canary is followed live. */
export function usePlugin(id: () => string): Query<PluginView> {
  const api = useApi()
  return useQuery<PluginView>(
    async (context) => {
      const plugin = toValue(id)
      const [installed, usage, offer, list, orders] = await Promise.all([
        api.get<PluginAnswer>(`/admin/plugins/${plugin}`, context).catch(notInstalled),
        api.get<Usage>(`/admin/plugins/${plugin}/usage`, context),
        api.get<ReleasesAnswer>('/admin/registry/releases', context),
        api.get<ListAnswer>('/admin/plugins', context),
        api.get<{ orders: readonly KillOrder[] }>('/admin/kill-switch', context),
      ])
      const releases = offer.releases.filter((one) => one.plugin === plugin)
      const stored = list.packages.filter((one) => one.id === plugin)
      if (!installed && releases.length + stored.length === 0) throw new ApiProblem({ status: 404, code: 'not_found' })
      return {
        installed,
        title: list.plugins.find((one) => one.id === plugin)?.title ?? {},
        usage,
        offer: { ...offer, releases },
        stored,
        orders: orders.orders.filter((one) => one.plugin === plugin),
        registry: list.registry?.url ?? null,
      }
    },
    { refreshMs: 5000, watch: id },
  )
}

function notInstalled(error: unknown): null {
  if (error instanceof ApiProblem && error.status === 404) return null
  throw error
}
