import { type Query, useApi, useQuery } from '@dcesop/sdk-plugin/ui'
import type { RegistryVersion } from '../api/registry-answers.ts'

/** The registry's own page about a version; asked for only where there is a registry and it has that version. */
export function useRegistryVersion(id: () => string, version: () => string | null): Query<RegistryVersion> {
  const api = useApi()
  return useQuery<RegistryVersion>(
    (context) => api.get(`/admin/registry/plugins/${id()}/versions/${version() ?? ''}`, context),
    {
      watch: [id, version],
      enabled: () => version() !== null,
    },
  )
}
