import { randomUUID } from 'node:crypto'
import type { Identity } from '../backend/identity.ts'

/** Whatever JSON holds: a test says what it expects of it. */
type Json = ReturnType<typeof JSON.parse>

/** What a request carries; at most one of `body` and `rows`. */
export interface TestRequest {
  /** An object is sent as JSON; text and bytes as NDJSON unless the headers say otherwise. */
  readonly body?: object | string | Buffer
  /** Sent as NDJSON (https://github.com/ndjson/ndjson-spec), one value a line. */
  readonly rows?: Iterable<unknown>
  readonly headers?: Readonly<Record<string, string>>
  /** Aborted: the client goes away. */
  readonly signal?: AbortSignal
}

export interface TestAnswer<T = Json> {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed where the answer is one JSON document, otherwise its text. */
  readonly body: T
}

const header = 'x-test-identity'

/** Requests as a client makes them, over the wire. */
export function createTestClient(base: () => string) {
  const identities = new Map<string, Identity>()

  async function request<T = Json>(
    identity: Identity | undefined,
    method: string,
    url: string,
    sent: TestRequest = {},
  ): Promise<TestAnswer<T>> {
    const key = randomUUID()
    if (identity) identities.set(key, identity)
    try {
      const { content, type } = contentOf(sent)
      const headers = { ...type, ...sent.headers, [header]: key }
      const body = content === undefined ? {} : { body: content }
      const signal = sent.signal ? { signal: sent.signal } : {}
      const response = await fetch(base() + url, { method, headers, redirect: 'manual', ...body, ...signal })
      const text = await response.text()
      const isJson = /^application\/([\w.]+\+)?json\b/.test(response.headers.get('content-type') ?? '')
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: (isJson && text !== '' ? JSON.parse(text) : text) as T,
      }
    } finally {
      identities.delete(key)
    }
  }

  /** Who makes a raw request; the mark of the test is taken off, so that the plugin does not see it. */
  function identify(headers: Record<string, unknown>): Identity | undefined {
    const identity = identities.get(String(headers[header]))
    delete headers[header]
    return identity
  }
  return { request, identify }
}

function contentOf({ body, rows }: TestRequest): { content?: string | Uint8Array<ArrayBuffer>; type?: object } {
  const ndjson = { 'content-type': 'application/x-ndjson' }
  if (rows !== undefined) return { content: [...rows].map((row) => JSON.stringify(row)).join('\n'), type: ndjson }
  if (body === undefined) return {}
  if (typeof body === 'string') return { content: body, type: ndjson }
  if (Buffer.isBuffer(body)) return { content: new Uint8Array(body), type: ndjson }
  return { content: JSON.stringify(body), type: { 'content-type': 'application/json' } }
}
