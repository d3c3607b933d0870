import type { Problem } from '@dcesop/sdk-plugin'
import { answerProblems, problemBody as bodyOf, type ProblemBody } from '@dcesop/sdk-plugin/http'
import type { Server } from '@hapi/hapi'
import type { IncomingMessage } from 'node:http'
import type { Log } from '../ports.ts'
import { titleOf } from './problems.ts'
import { contextOf } from './request-context.ts'

/** @param traceId names the request in logs and audit records */
export function problemBody(problem: Problem, traceId: string): ProblemBody {
  return bodyOf(problem, titleOf(problem.code), traceId)
}

/** Makes every error of a hapi server an `application/problem+json` answer; logs each 5xx with its cause. For the core and for child servers. */
export function applyProblems(server: Server, log: Log): void {
  answerProblems(server, {
    titleOf,
    traceIdOf: (request) => contextOf(request.raw.req).traceId,
    failed: (problem, request) => logProblem(log, problem, request.raw.req),
  })
}

/** An answer of 500 and above with its cause. What the host itself refuses for a while is no failure; there are many just when there is little time. */
export function logProblem(log: Log, problem: Problem, request: IncomingMessage): void {
  const { code, options } = problem
  const { traceId, route, plugin } = contextOf(request)
  const about = { traceId, route, plugin, code }
  if (options.retryAfter !== undefined && options.cause === undefined) log.debug(about, 'request refused')
  else log.error({ err: options.cause ?? problem, ...about }, 'request failed')
}
