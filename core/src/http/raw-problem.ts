import { Problem } from '@dcesop/sdk-plugin'
import { outageProblem } from '@dcesop/sdk-plugin/http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Log } from '../ports.ts'
import { logProblem, problemBody } from './problem-response.ts'
import { titleOf } from './problems.ts'
import { contextOf } from './request-context.ts'

/** Answers a request that never reached hapi with what was thrown, as hapi's routes do. Headers set before stay. */
export function answerProblem(request: IncomingMessage, response: ServerResponse, thrown: unknown, log: Log): void {
  const problem =
    thrown instanceof Problem
      ? thrown
      : (outageProblem(thrown) ?? new Problem(500, 'internal_error', titleOf('internal_error'), { cause: thrown }))
  if (problem.status >= 500) logProblem(log, problem, request)
  sendProblem(request, response, problem)
}

/** The same without a line in the log, for what would only fill it. */
export function sendProblem(request: IncomingMessage, response: ServerResponse, problem: Problem): void {
  const { status, options } = problem
  // Closing over the unread bytes of a refused body would reset the connection, and the answer would be lost.
  request.resume()
  if (response.headersSent || response.destroyed) return void response.destroy()
  const body = Buffer.from(JSON.stringify(problemBody(problem, contextOf(request).traceId)))
  response.statusCode = status
  response.setHeader('content-type', 'application/problem+json; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  response.setHeader('content-length', body.length)
  // What is on its way is read for a while and no longer.
  if (status === 413) response.shouldKeepAlive = false
  if (options.retryAfter !== undefined) response.setHeader('retry-after', Math.ceil(options.retryAfter))
  if (status === 401) response.setHeader('www-authenticate', 'Bearer realm="dcesop"')
  response.end(body)
}
