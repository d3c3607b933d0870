import type { ApiClient, RequestOptions } from '../host.ts'
import { ApiProblem } from './api-problem.ts'
import { problemOf } from './problem-of.ts'

export interface ApiOptions {
  /** Prefix of every path; default `/api`. */
  readonly base?: string
  /** Language for the texts of problems, sent as Accept-Language. */
  readonly locale?: () => string
  /** Sees every problem before the caller does. */
  readonly onProblem?: (problem: ApiProblem) => void
  /**
   * Asked when a request was refused for want of a session. True where the session lives all the same, because its token was renewed
   * while the request was on its way: the request, of which nothing was done, is made once more.
   */
  readonly signedInAfterAll?: () => Promise<boolean>
  readonly fetch?: typeof globalThis.fetch
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** JSON over fetch, same origin. Rejects with `ApiProblem` for everything but 2xx, and with the signal's reason when aborted. */
export function createApi(options: ApiOptions = {}): ApiClient {
  const { base = '/api', locale, onProblem, signedInAfterAll } = options
  const send = options.fetch ?? globalThis.fetch.bind(globalThis)

  async function request<T>(method: Method, path: string, body: unknown, request: RequestOptions = {}): Promise<T> {
    const answer = () =>
      answerOf(send, `${base}${path}${queryOf(request.query)}`, {
        method,
        credentials: 'same-origin',
        headers: headersOf(method, body, request, locale?.()),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      })
    try {
      let response = await answer()
      let problem = response.ok ? undefined : await problemOf(response)
      if (problem && isUnauthorized(problem) && (await signedInAfterAll?.())) {
        response = await answer()
        problem = response.ok ? undefined : await problemOf(response)
      }
      if (problem) throw problem
      request.onHeaders?.(response.headers)
      return (await contentOf(response)) as T
    } catch (error) {
      if (error instanceof ApiProblem) onProblem?.(error)
      throw error
    }
  }

  return {
    get: (path, request_) => request('GET', path, undefined, request_),
    post: (path, body, request_) => request('POST', path, body ?? {}, request_),
    put: (path, body, request_) => request('PUT', path, body ?? {}, request_),
    patch: (path, body, request_) => request('PATCH', path, body ?? {}, request_),
    delete: (path, request_) => request('DELETE', path, undefined, request_),
  }
}

/** No session, or one that has ended; wrong credentials have a code of their own. */
const isUnauthorized = ({ status, code }: ApiProblem) => status === 401 && code === 'not_signed_in'

async function answerOf(send: typeof globalThis.fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await send(url, init)
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    const offline = typeof navigator !== 'undefined' && navigator.onLine === false
    throw new ApiProblem({ status: 0, code: offline ? 'offline' : 'unreachable', cause })
  }
}

async function contentOf(response: Response): Promise<unknown> {
  const content = await response.text()
  if (content === '') return undefined
  try {
    return JSON.parse(content)
  } catch (cause) {
    throw new ApiProblem({ status: response.status, code: 'invalid_answer', cause })
  }
}

function headersOf(method: Method, body: unknown, request: RequestOptions, locale?: string): Record<string, string> {
  return {
    accept: 'application/json, application/problem+json',
    // Writes are refused without a JSON content type, which a cross-site form cannot send.
    ...(body !== undefined || method === 'DELETE' ? { 'content-type': 'application/json' } : {}),
    ...(locale === undefined ? {} : { 'accept-language': locale }),
    ...(request.background === true ? { 'x-dcesop-background': '1' } : {}),
    ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
    ...(request.ifMatch === undefined ? {} : { 'if-match': request.ifMatch }),
    ...(request.ifNoneMatch === undefined ? {} : { 'if-none-match': request.ifNoneMatch }),
  }
}

function queryOf(query: RequestOptions['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`
}
