import { Problem, type ProblemOptions } from '@dcesop/sdk-plugin'

/** An error on its way to the other process. */
export interface SentError {
  readonly name: string
  readonly message: string
  readonly stack?: string
  /** Present when it is an answer for the caller. */
  readonly problem?: { readonly status: number; readonly code: string; readonly options: ProblemOptions }
}

/** Plugin code may throw anything. */
export function encodeError(thrown: unknown): SentError {
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Partial<Problem>
  const { name = 'Error', message = String(thrown), stack, code, status } = error
  const sent = { name: String(name), message: String(message), ...(stack ? { stack: String(stack) } : {}) }
  if (name !== 'Problem' || typeof code !== 'string' || typeof status !== 'number') return sent
  const { errors, retryAfter, extensions } = error.options ?? {}
  const options = plain({
    ...(errors && { errors }),
    ...(retryAfter && { retryAfter }),
    ...(extensions && { extensions }),
  })
  return { ...sent, problem: { status, code, options } }
}

/** What is kept of an error's texts, characters: the other side may send megabytes, which are logged. */
const most = { name: 200, message: 4_000, stack: 16_000 }

export function decodeError(sent: SentError): Error {
  const { problem } = sent
  const name = String(sent.name).slice(0, most.name)
  const message = String(sent.message).slice(0, most.message)
  const stack = sent.stack === undefined ? undefined : String(sent.stack).slice(0, most.stack)
  const error = problem
    ? new Problem(Number(problem.status), String(problem.code), message, problem.options ?? {})
    : new Error(message)
  if (!problem) error.name = name
  if (stack !== undefined) error.stack = stack
  return error
}

/** What of a problem's members is JSON; the rest could not be answered either. */
function plain(options: ProblemOptions): ProblemOptions {
  return JSON.parse(JSON.stringify(options)) as ProblemOptions
}
