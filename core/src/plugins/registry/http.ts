import { isObject } from '@dcesop/sdk-plugin/host'
import { createHash } from 'node:crypto'
import type { Cause } from '../journal/reasons.ts'
import { silent, Unreachable } from './unreachable.ts'

/** The registry said no, with a problem of its own; `code` is that problem's, and `why` says more than the code for a text in any language. */
export class Declined extends Error {
  readonly status: number
  readonly code: string | undefined
  readonly why: Cause | undefined

  constructor(status: number, { detail, code, why }: ToldProblem) {
    super(detail ?? `The registry answers ${status}.`)
    this.name = 'Declined'
    this.status = status
    this.code = code
    this.why = why
  }
}

/** What is taken from a problem of the registry. */
interface ToldProblem {
  readonly detail?: string
  readonly code?: string
  readonly why?: Cause
}

const mebibyte = 1024 * 1024
const answerMs = 15_000
const downloadMs = 120_000

export interface JsonAnswer<T> {
  /** Undefined when it is still what the tag names. */
  readonly body: T | undefined
  readonly etag: string | undefined
}

/** Reads from one registry. What it gives is believed by nobody before it is verified; here only its size is limited. */
export class RegistryHttp {
  readonly #base: string

  constructor(base: string) {
    this.#base = base
  }

  /** @param options.token of an account of the registry @throws Unreachable, or Declined for a status of 400 and above */
  async json<T>(
    path: string,
    options: { etag?: string | undefined; body?: object; token?: string; ifMatch?: string | undefined } = {},
  ): Promise<JsonAnswer<T>> {
    const { etag, body, token, ifMatch } = options
    const response = await this.#fetch(path, answerMs, {
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
      headers: {
        accept: 'application/json',
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(etag === undefined ? {} : { 'if-none-match': etag }),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    })
    if (response.status === 304) return { body: undefined, etag }
    const content = await this.#read(response, path, 64 * mebibyte)
    return { body: objectIn(content, path) as T, etag: response.headers.get('etag') ?? undefined }
  }

  /** A file with the SHA-512 that it has in fact, in hex; stopped at the limit while it arrives. */
  async download(path: string, maxBytes: number): Promise<{ content: Buffer; sha512: string }> {
    const response = await this.#fetch(path, downloadMs, { headers: { accept: 'application/octet-stream' } })
    const content = await this.#read(response, path, maxBytes)
    return { content, sha512: createHash('sha512').update(content).digest('hex') }
  }

  async #fetch(path: string, limitMs: number, init: RequestInit): Promise<Response> {
    let response: Response
    try {
      // A registry that sends its instances elsewhere is not the one that the operator named.
      response = await fetch(this.#base + path, { ...init, redirect: 'error', signal: AbortSignal.timeout(limitMs) })
    } catch (error) {
      throw silent(error)
    }
    if (response.status < 400) return response
    if (response.status >= 500) {
      await response.body?.cancel()
      throw new Unreachable({ id: 'answer.status', params: { status: response.status, path } })
    }
    const text = (await this.#read(response, path, mebibyte)).toString('utf8')
    throw new Declined(response.status, problemIn(text))
  }

  async #read(response: Response, path: string, maxBytes: number): Promise<Buffer> {
    const chunks: Uint8Array[] = []
    let total = 0
    try {
      for await (const chunk of response.body ?? []) {
        total += chunk.length
        if (total > maxBytes) throw new Unreachable({ id: 'answer.large', params: { path, maxBytes } })
        chunks.push(chunk)
      }
    } catch (error) {
      if (error instanceof Unreachable) throw error
      throw new Unreachable({ id: 'answer.cut', params: { path } }, error)
    }
    return Buffer.concat(chunks)
  }
}

/** Whatever a registry answers is an object. @throws Unreachable */
function objectIn(content: Buffer, path: string): object {
  let value: unknown
  try {
    value = JSON.parse(content.toString('utf8'))
  } catch (error) {
    throw new Unreachable({ id: 'answer.form', params: { path } }, error)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new Unreachable({ id: 'answer.form', params: { path } })
}

const isCode = (value: unknown): value is string => typeof value === 'string' && /^[a-z_]{1,60}$/.test(value)
const mostParams = 20

function problemIn(text: string): ToldProblem {
  try {
    const { detail, code, reason, params } = JSON.parse(text) as Record<string, unknown>
    return {
      ...(typeof detail === 'string' ? { detail: detail.slice(0, 1000) } : {}),
      ...(isCode(code) ? { code } : {}),
      ...(isCode(reason) ? { why: { code: reason, params: paramsIn(params) } } : {}),
    }
  } catch {
    return {}
  }
}

/** Numbers, texts and lists of texts, for a message; anything else is left out. */
function paramsIn(params: unknown): Cause['params'] {
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 1000
  const sound = Object.entries(isObject(params) ? params : {}).filter(
    ([, value]) => typeof value === 'number' || isText(value) || (Array.isArray(value) && value.every(isText)),
  )
  return Object.fromEntries(sound.slice(0, mostParams)) as Cause['params']
}
