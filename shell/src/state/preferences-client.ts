import type { ApiClient } from '@dcesop/sdk-plugin/ui'

/** One preference of the signed-in person on the host, written with If-Match. */
export interface PreferenceClient {
  /** The stored value; undefined when there is none. */
  read(): Promise<unknown>
  /** @throws ApiProblem 412 when another tab or device wrote in between */
  write(value: unknown): Promise<void>
}

export function createPreference(api: ApiClient, key: string): PreferenceClient {
  const path = `/me/preferences/${key}`
  let etag: string | undefined
  const onHeaders = (headers: Headers) => void (etag = headers.get('etag') ?? undefined)

  return {
    async read() {
      const kept = await api.get<{ value: unknown } | undefined>(path, { background: true, onHeaders })
      return kept?.value
    },
    async write(value) {
      await api.put(path, { value }, { onHeaders, ...(etag === undefined ? {} : { ifMatch: etag }) })
    },
  }
}
