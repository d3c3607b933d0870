import type { Boom } from '@hapi/boom'
import type { Request, ResponseObject, Server } from '@hapi/hapi'
import { Problem } from '../backend/problem.ts'
import { allowedMethods } from './allowed-methods.ts'
import { outageProblem } from './outage.ts'
import { codeOfStatus } from './problems.ts'

/** Members of an `application/problem+json` answer (RFC 9457). */
export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly traceId: string
  readonly [extension: string]: unknown
}

/** What a host knows beside the problem itself. */
export interface ProblemHost {
  /** The catalogue's sentence for a code. */
  titleOf(code: string): string
  /** Names the request in logs and audit records. */
  traceIdOf(request: Request): string
  /** Told of each answer of status 500 and above, before it is sent. */
  failed(problem: Problem, request: Request): void
}

/** @param title the catalogue's sentence for the code; @param traceId names the request in logs and audit records */
export function problemBody(problem: Problem, title: string, traceId: string): ProblemBody {
  const { errors, extensions } = problem.options
  return {
    ...extensions,
    type: `urn:dcesop:error:${problem.code}`,
    title,
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    traceId,
    ...(errors ? { errors } : {}),
  }
}

/** Makes every error of a hapi server an `application/problem+json` answer. */
export function answerProblems(server: Server, host: ProblemHost): void {
  server.ext('onPreResponse', (request, h) => {
    const { response } = request
    if (!(response instanceof Error)) return h.continue
    const problem = toProblem(response, request, host)
    if (problem.status >= 500) host.failed(problem, request)
    const body = problemBody(problem, host.titleOf(problem.code), host.traceIdOf(request))
    return withHeaders(h.response(body).code(problem.status), problem, request)
  })
}

function withHeaders(reply: ResponseObject, { status, options }: Problem, request: Request): ResponseObject {
  reply.type('application/problem+json').header('cache-control', 'no-store')
  if (options.retryAfter !== undefined) reply.header('retry-after', String(Math.ceil(options.retryAfter)))
  if (status === 405 && !request.raw.res.hasHeader('allow')) reply.header('allow', allowedMethods(request).join(', '))
  if (status === 416) reply.header('content-range', `bytes */${String(options.extensions?.['size'])}`)
  // A route that takes something else has said so on the raw answer.
  if (status === 401 && !request.raw.res.hasHeader('www-authenticate'))
    reply.header('www-authenticate', 'Bearer realm="dcesop"')
  return reply
}

/** hapi's own errors keep their status and get the stable code of that status; anything unforeseen is a 500 that tells nothing. */
function toProblem(error: Error, request: Request, { titleOf }: ProblemHost): Problem {
  if (isProblem(error)) return error
  const outage = outageProblem(error)
  if (outage) return outage
  const status = (error as Boom).isBoom ? (error as Boom).output.statusCode : 500
  if (status === 404 && onlyOtherMethods(request))
    return new Problem(405, 'method_not_allowed', 'This address does not answer that method.')
  const code = codeOfStatus(status)
  return new Problem(status, code, titleOf(code), { cause: error })
}

function onlyOtherMethods(request: Request): boolean {
  const allowed = allowedMethods(request)
  return allowed.length > 0 && !allowed.includes(request.method.toUpperCase())
}

/** By shape as well as by class: a plugin may have been packed with its own copy of the SDK. */
function isProblem(error: Error): error is Problem {
  const candidate = error as Partial<Problem>
  return (
    error instanceof Problem ||
    (error.name === 'Problem' && typeof candidate.code === 'string' && typeof candidate.status === 'number')
  )
}
