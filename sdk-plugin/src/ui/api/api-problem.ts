/** One entry of `errors`: where in the input and what is wrong with it. */
export interface ApiProblemDetail {
  readonly pointer?: string
  readonly line?: number
  readonly code: string
  readonly message: string
  /** What to do about it; a finding of the registry has it apart, one of the host within `message`. */
  readonly fix?: string
  /** Case of a rule of the SDK, by which the sentences are there in other languages, with what they say. */
  readonly finding?: string
  readonly params?: Readonly<Record<string, unknown>>
  /** Check of the registry that found it. */
  readonly check?: string
  /** Address of the page about the rule or the check. */
  readonly page?: string
}

export interface ApiProblemInit {
  readonly status: number
  readonly code: string
  readonly detail?: string | undefined
  readonly errors?: readonly ApiProblemDetail[] | undefined
  readonly traceId?: string | undefined
  readonly retryAfter?: number | undefined
  readonly extensions?: Readonly<Record<string, unknown>> | undefined
  readonly cause?: unknown
}

/**
 * Every failed request. `status` 0 means that no answer came: `offline` without a network, else `unreachable`.
 * `retryAfter` is seconds. `extensions` holds the problem's other members, such as `operation` of `step_up_required`.
 */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly errors: readonly ApiProblemDetail[]
  readonly traceId: string | undefined
  readonly retryAfter: number | undefined
  readonly extensions: Readonly<Record<string, unknown>>

  constructor({ status, code, detail = '', errors = [], traceId, retryAfter, extensions = {}, cause }: ApiProblemInit) {
    super(`${status} ${code}${detail === '' ? '' : `: ${detail}`}`, cause === undefined ? undefined : { cause })
    this.name = 'ApiProblem'
    this.status = status
    this.code = code
    this.detail = detail
    this.errors = errors
    this.traceId = traceId
    this.retryAfter = retryAfter
    this.extensions = extensions
  }
}
