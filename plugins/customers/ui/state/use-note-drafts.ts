import { ApiProblem, useApi, useHost, type ApiClient } from '@dcesop/sdk-plugin/ui'
import { noteDrafts, type NoteDrafts, toBytes, toText } from './note-drafts.ts'

const place = '/me/preferences/customers.note-key'

/** Drafts of the signed-in person; the key lives no longer than the component that asked for it. */
export function useNoteDrafts(): NoteDrafts {
  const api = useApi()
  let key: Promise<CryptoKey> | undefined
  return noteDrafts(useHost().user.subject, sessionStorage, () => {
    key ??= keyOf(api)
    // A network that failed once is asked again.
    key.catch(() => (key = undefined))
    return key
  })
}

async function keyOf(api: ApiClient): Promise<CryptoKey> {
  const kept = (await read(api)) ?? (await make(api))
  return crypto.subtle.importKey('raw', toBytes(kept), 'AES-GCM', false, ['encrypt', 'decrypt'])
}

async function read(api: ApiClient): Promise<string | undefined> {
  return (await api.get<{ value: string } | undefined>(place, { background: true }))?.value
}

async function make(api: ApiClient): Promise<string> {
  const value = toText(crypto.getRandomValues(new Uint8Array(32)))
  try {
    await api.put(place, { value }, { background: true, ifNoneMatch: '*' })
    return value
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 412) throw error
    // Another tab was first, and seals with its own.
    return (await read(api)) ?? value
  }
}
