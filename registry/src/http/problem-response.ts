import type { Log, ProblemDetail } from '@dcesop/sdk-plugin'
import { answerProblems, type ProblemBody, titleIn } from '@dcesop/sdk-plugin/http'
import type { Server } from '@hapi/hapi'
import { problems } from './problems.ts'
import { readAway } from './read-away.ts'
import { contextOf } from './request-context.ts'

/** Makes every error an `application/problem+json` answer with a member `error` more, which is what npm's clients print. */
export function applyProblems(server: Server, log: Log): void {
  answerProblems(server, {
    titleOf: (code) => titleIn(problems, code),
    traceIdOf: (request) => contextOf(request.raw.req).traceId,
    failed(problem, request) {
      const { traceId } = contextOf(request.raw.req)
      log.error({ err: problem.options.cause ?? problem, traceId, code: problem.code }, 'request failed')
    },
  })
  server.ext('onPreResponse', async ({ response, raw }, h) => {
    if (response instanceof Error) return h.continue
    const body = response.source as unknown as ProblemBody | undefined
    if (response.statusCode < 400 || typeof body?.code !== 'string') return h.continue
    Object.assign(body, { error: printed(body) })
    const { isBodyAsked = false } = contextOf(raw.req)
    // Who waits with a body has not sent it; what comes next on the connection might be taken for it.
    if (raw.req.headers.expect !== undefined && !isBodyAsked) {
      raw.res.shouldKeepAlive = false
      return h.continue
    }
    // After 413 the connection is closed; until then what comes is read, and nobody waits for it.
    if (response.statusCode !== 413) await readAway(raw.req)
    return h.continue
  })
}

/** One text with everything that the person at the command line needs. */
export function printed({ detail, errors }: ProblemBody): string {
  const lines = ((errors ?? []) as ProblemDetail[]).map(
    ({ code, pointer, message, fix, page }) =>
      `${code}: ${[pointer, message, fix, page && `See ${page}.`].filter(Boolean).join(' ')}`,
  )
  return [detail, ...lines].join('\n  ')
}
