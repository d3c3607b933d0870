import type { ApiClient, RequestOptions } from '@dcesop/sdk-plugin/ui'
import { createPreference } from './preferences-client.ts'

/** A host that keeps at most one value, and the conditions of the writes that it got. */
function stage(kept?: string) {
  let etag = kept
  const conditions: unknown[] = []
  const headers = () => new Headers(etag === undefined ? {} : { etag })
  const api: Pick<ApiClient, 'get' | 'put'> = {
    async get<T>(_path: string, options?: RequestOptions) {
      options?.onHeaders?.(headers())
      return (etag === undefined ? undefined : { value: etag }) as T
    },
    async put<T>(_path: string, _body: unknown, { ifMatch, ifNoneMatch, onHeaders }: RequestOptions = {}) {
      conditions.push(ifMatch ?? ifNoneMatch)
      etag = '"7"'
      onHeaders?.(headers())
      return undefined as T
    },
  }
  return { preference: createPreference(api as ApiClient, 'dashboard'), conditions }
}

describe('a preference', () => {
  it.each([
    ['over what was read', '"3"'],
    ['where nothing was kept, only while that is so', undefined],
  ])('is written %s', async (_, kept) => {
    const { preference, conditions } = stage(kept)
    expect(await preference.read()).toBe(kept)
    await preference.write('mine')
    await preference.write('again')
    expect(conditions).toEqual([kept ?? '*', '"7"'])
  })
})
