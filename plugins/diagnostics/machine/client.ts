import { setTimeout as wait } from 'node:timers/promises'
import type { TelemetryRow } from '../server/ingest/row.ts'
import type { BatchReport } from '../server/ingest/ingest-batch.ts'

/** Credentials of a machine client (OAuth client credentials). */
export interface MachineCredentials {
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
}

/** The platform refused a request; `detail` says why in one sentence. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.name = 'ApiError'
    this.status = status
    this.code = code
  }
}

const renewBeforeMs = 30_000
const longestWaitMs = 30_000

/** Speaks to a DCESOP host as any measuring machine does: token, NDJSON in and out, patience when the host is busy. */
export class MachineClient {
  readonly #credentials: MachineCredentials
  readonly #signal: AbortSignal | undefined
  #token: { value: string; until: number } | undefined

  constructor(credentials: MachineCredentials, signal?: AbortSignal) {
    this.#credentials = credentials
    this.#signal = signal
  }

  /** Stores rows. Waits and sends again while the host is busy or away, which is safe since rows are idempotent. */
  async sendRows(rows: readonly TelemetryRow[], onBusy?: (seconds: number) => void): Promise<BatchReport> {
    const body = rows.map((row) => JSON.stringify(row)).join('\n')
    const answer = await this.#patiently(
      () => this.#request('POST', '/api/plugins/diagnostics/telemetry', { body, type: 'application/x-ndjson' }),
      onBusy,
    )
    return (await answer.json()) as BatchReport
  }

  /** JSON from a route below the plugin, for example `/focus?region=br`. @throws ApiError */
  async get<T>(path: string): Promise<T> {
    return (await (await this.#request('GET', `/api/plugins/diagnostics${path}`)).json()) as T
  }

  /** JSON to a route below the plugin. @throws ApiError */
  async post<T>(method: 'POST' | 'PATCH', path: string, value: object): Promise<T> {
    const body = { body: JSON.stringify(value), type: 'application/json' }
    return (await (await this.#request(method, `/api/plugins/diagnostics${path}`, body)).json()) as T
  }

  /** Lines of an NDJSON route; with `patient` it waits for a host that is busy or away. @throws ApiError */
  async *lines<T>(path: string, options: { readonly patient: boolean }): AsyncGenerator<T> {
    const ask = (): Promise<Response> => this.#request('GET', `/api/plugins/diagnostics${path}`)
    const answer = options.patient ? await this.#patiently(ask) : await ask()
    let rest = ''
    for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (rest + piece).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line !== '') yield JSON.parse(line) as T
    }
    if (rest !== '') yield JSON.parse(rest) as T
  }

  async #patiently(send: () => Promise<Response>, onBusy?: (seconds: number) => void): Promise<Response> {
    for (let attempt = 0; ; attempt += 1) {
      const answer = await send().catch((error: unknown) => {
        if (isPassing(error)) return error
        throw error
      })
      if (answer instanceof Response) return answer
      const milliseconds = Math.min(longestWaitMs, retryAfterMs(answer) ?? 500 * 2 ** Math.min(attempt, 6))
      onBusy?.(milliseconds / 1000)
      await wait(milliseconds * (1 + Math.random() / 4), undefined, this.#signal && { signal: this.#signal })
    }
  }

  async #request(method: string, path: string, body?: { body: string; type: string }): Promise<Response> {
    const answer = await fetch(new URL(path, this.#credentials.url), {
      method,
      headers: { authorization: `Bearer ${await this.#bearer()}`, ...(body && { 'content-type': body.type }) },
      ...(body && { body: body.body }),
      ...(this.#signal && { signal: this.#signal }),
    })
    if (answer.ok) return answer
    if (answer.status === 401) this.#token = undefined
    throw await problemOf(answer)
  }

  async #bearer(): Promise<string> {
    if (this.#token !== undefined && this.#token.until > Date.now()) return this.#token.value
    const { url, clientId, clientSecret } = this.#credentials
    const answer = await fetch(new URL('/oauth/token', url), {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret }),
      ...(this.#signal && { signal: this.#signal }),
    })
    if (!answer.ok) throw await problemOf(answer)
    const token = (await answer.json()) as { access_token: string; expires_in: number }
    this.#token = { value: token.access_token, until: Date.now() + token.expires_in * 1000 - renewBeforeMs }
    return token.access_token
  }
}

class BusyError extends ApiError {
  readonly retryAfterMs: number | undefined

  constructor(answer: Response, code: string, detail: string) {
    super(answer.status, code, detail)
    const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
    this.retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined
  }
}

async function problemOf(answer: Response): Promise<ApiError> {
  const text = await answer.text()
  const { code, detail } = readProblem(text)
  const message = detail ?? `${answer.url} answered ${answer.status}`
  const busy = [401, 429, 502, 503, 504].includes(answer.status) && !answer.url.endsWith('/oauth/token')
  return busy || answer.status === 429
    ? new BusyError(answer, code ?? 'busy', message)
    : new ApiError(answer.status, code ?? 'http_error', message)
}

function readProblem(text: string): { code?: string; detail?: string } {
  try {
    return JSON.parse(text) as { code?: string; detail?: string }
  } catch {
    return {}
  }
}

/** Busy hosts and broken connections pass; refusals and an own stop do not. */
function isPassing(error: unknown): boolean {
  if (error instanceof BusyError) return true
  return error instanceof TypeError && error.cause !== undefined
}

function retryAfterMs(error: unknown): number | undefined {
  return error instanceof BusyError ? error.retryAfterMs : undefined
}
