import type { ApiClient, RequestOptions } from '@dcesop/sdk-plugin/ui'

/** One preference of the signed-in person on the host, written over what was read and nothing else. */
export interface PreferenceClient {
  /** The stored value; undefined when there is none. */
  read(): Promise<unknown>
  /** @throws ApiProblem 412 when another tab or device wrote in between */
  write(value: unknown): Promise<void>
}

export function createPreference(api: ApiClient, key: string): PreferenceClient {
  const path = `/me/preferences/${key}`
  /** Empty while nobody has asked the host. */
  let condition: Pick<RequestOptions, 'ifMatch' | 'ifNoneMatch'> = {}
  function onHeaders(headers: Headers): void {
    const etag = headers.get('etag')
    condition = etag === null ? { ifNoneMatch: '*' } : { ifMatch: etag }
  }

  return {
    async read() {
      const kept = await api.get<{ value: unknown } | undefined>(path, { background: true, onHeaders })
      return kept?.value
    },
    async write(value) {
      await api.put(path, { value }, { onHeaders, ...condition })
    },
  }
}
