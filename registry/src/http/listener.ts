import { createGuardedServer, problemBody, titleIn } from '@dcesop/sdk-plugin/http'
import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { HttpConfig } from '../config/config.ts'
import { continueWhenRead } from './continue-when-read.ts'
import { problems } from './problems.ts'
import { contextOf } from './request-context.ts'

const always: readonly (readonly [string, string])[] = [
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-resource-policy', 'same-origin'],
]

const titleOf = (code: string) => titleIn(problems, code)

/** The registry's listening server. */
export function createListener(config: HttpConfig): Server {
  return createGuardedServer({
    ...config,
    ...config.limits,
    bodyTimeoutMs: config.bodyPatienceMs,
    maxHeaderBytes: 16_384,
    headers: config.publicUrl?.startsWith('https:')
      ? [...always, ['strict-transport-security', 'max-age=63072000; includeSubDomains'] as const]
      : always,
    titleOf,
    bodyOf(problem) {
      const title = titleOf(problem.code)
      return { ...problemBody(problem, title, randomBytes(16).toString('hex')), error: title }
    },
    shouldUpgrade: () => false,
    arrived(request, response) {
      response.setHeader('x-trace-id', contextOf(request).traceId)
      continueWhenRead(request, response)
    },
  })
}
