import type { Problem } from '@dcesop/sdk-plugin'
import { answerProblems, problemBody as bodyOf, type ProblemBody } from '@dcesop/sdk-plugin/http'
import type { Server } from '@hapi/hapi'
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
    failed(problem, request) {
      const { traceId, route, plugin } = contextOf(request.raw.req)
      log.error({ err: problem.options.cause ?? problem, traceId, route, plugin, code: problem.code }, 'request failed')
    },
  })
}
