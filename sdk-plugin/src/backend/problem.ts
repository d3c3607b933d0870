/** One member of `errors` in a problem: where in the input and what is wrong with it. */
export interface ProblemDetail {
  /** JSON pointer into the input, or a line number for NDJSON. */
  readonly pointer?: string
  readonly line?: number
  readonly code: string
  readonly message: string
  /** What to do about it; a finding of the registry has it apart, one of the host within `message`. */
  readonly fix?: string
  /** Case of a rule of the SDK, by which the sentences are there in other languages, with what they say. */
  readonly finding?: string | undefined
  readonly params?: Readonly<Record<string, unknown>> | undefined
  /** Check of the registry that found it. */
  readonly check?: string
  /** Address of the page about the rule or the check. */
  readonly page?: string
}

/** RFC 9457 members beyond the code; extra members must be declared in the catalogue's page. */
export interface ProblemOptions {
  readonly errors?: readonly ProblemDetail[]
  /** Seconds, sent as Retry-After. */
  readonly retryAfter?: number
  /** Extension members, for example `operation` and `parameters` of `step_up_required`. */
  readonly extensions?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * An answer of `application/problem+json` (RFC 9457) with a stable code; throw it from a handler.
 * `code` is snake_case and never changes its meaning; `detail` is one human sentence without secrets or personal data.
 */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly options: ProblemOptions

  constructor(status: number, code: string, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.detail = detail
    this.options = options
  }
}

/** The one answer for unknown, foreign-region and forbidden-by-scope records, so that none can be told from the others. */
export function notFound(detail = 'There is no such record, or you may not see it.'): Problem {
  return new Problem(404, 'not_found', detail)
}
