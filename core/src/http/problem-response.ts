import { Problem } from '@dcesop/sdk-plugin'
import type { Boom } from '@hapi/boom'
import type { Lifecycle, Request, ResponseToolkit, Server } from '@hapi/hapi'
import type { Log } from '../ports.ts'
import { codeOfStatus, titleOf } from './problems.ts'
import { contextOf } from './request-context.ts'
import { allowedMethods } from './allowed-methods.ts'

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

/** @param traceId names the request in logs and audit records */
export function problemBody(problem: Problem, traceId: string): ProblemBody {
  const { errors, extensions } = problem.options
  return {
    ...extensions,
    type: `urn:dcesop:error:${problem.code}`,
    title: titleOf(problem.code),
    status: problem.status,
    detail: problem.detail,
    code: problem.code,
    traceId,
    ...(errors ? { errors } : {}),
  }
}

/** Makes every error of a hapi server an `application/problem+json` answer; logs each 5xx with its cause. For the core and for child servers. */
export function applyProblems(server: Server, log: Log): void {
  server.ext('onPreResponse', (request, h) => {
    const response = request.response
    if (!(response instanceof Error)) return h.continue
    return answer(toProblem(response, request), request, h, log)
  })
}

function answer(problem: Problem, request: Request, h: ResponseToolkit, log: Log): Lifecycle.ReturnValue {
  const context = contextOf(request.raw.req)
  if (problem.status >= 500) {
    const { route, plugin } = context
    log.error(
      { err: problem.options.cause ?? problem, traceId: context.traceId, route, plugin, code: problem.code },
      'request failed',
    )
  }
  const reply = h.response(problemBody(problem, context.traceId)).code(problem.status).type('application/problem+json')
  reply.header('cache-control', 'no-store')
  if (problem.options.retryAfter !== undefined)
    reply.header('retry-after', String(Math.ceil(problem.options.retryAfter)))
  if (problem.status === 405) reply.header('allow', allowedMethods(request).join(', '))
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="dcesop"')
  return reply
}

/** hapi's own errors keep their status and get the stable code of that status; anything unforeseen is a 500 that tells nothing. */
export function toProblem(error: Error, request?: Request): Problem {
  if (isProblem(error)) return error
  const status = (error as Boom).isBoom ? (error as Boom).output.statusCode : 500
  if (status === 404 && request && allowedMethods(request).length > 0) {
    return new Problem(405, 'method_not_allowed', 'This address does not answer that method.')
  }
  if (status < 500) return new Problem(status, codeOfStatus(status), titleOf(codeOfStatus(status)), { cause: error })
  return new Problem(status, codeOfStatus(status), titleOf(codeOfStatus(status)), { cause: error })
}

/** By shape as well as by class: a plugin may have been packed with its own copy of the SDK. */
function isProblem(error: Error): error is Problem {
  const candidate = error as Partial<Problem>
  return (
    error instanceof Problem ||
    (error.name === 'Problem' && typeof candidate.code === 'string' && typeof candidate.status === 'number')
  )
}
