import { Problem } from '@dcesop/sdk-plugin'
import { isObject } from '@dcesop/sdk-plugin/host'
import { parseStrictJson } from '@dcesop/sdk-plugin/http'
import type { CoreRoutes, Log } from '../ports.ts'
import { TokenBucket } from '../realtime/token-bucket.ts'
import { addRoute } from './core-route.ts'

/** Where browsers tell what the content security policy kept from a page. */
export const cspReportPath = '/api/csp-reports'

/** What was kept from which page; without queries, which may be about people. */
export interface CspReport {
  readonly directive: string
  readonly page: string
  readonly blocked: string
  readonly source: string
}

const mostInOne = 20
const longest = 200
const directives =
  /^(default|script|style|img|font|connect|manifest|worker|object|frame|media|child)-src(-elem|-attr)?$|^(base-uri|form-action|frame-ancestors|require-trusted-types-for|trusted-types)$/

/**
 * `POST /api/csp-reports`: logged and counted, so that an injection that was stopped is noticed, and so is a page of our own that asks
 * for too much. Anybody may send one, so they are few lines of the log and never more than a count.
 */
export function cspReportRoutes(log: Log, count: (directive: string) => void): CoreRoutes {
  const lines = new TokenBucket(1, 20)
  return {
    register(server) {
      addRoute<{ Payload: Buffer }>(server, {
        method: 'POST',
        path: cspReportPath,
        summary: 'Takes what a browser says that the content security policy kept from a page.',
        access: 'public',
        activity: false,
        maxBytes: 16 * 1024,
        contentTypes: ['application/csp-report', 'application/reports+json'],
        responses: { 204: { type: 'null' } },
        handler(request, h) {
          for (const report of reportsIn(parseStrictJson(request.payload))) {
            count(report.directive)
            if (lines.take()) log.warn(report, 'the content security policy kept something from a page')
          }
          return h.response().code(204)
        },
      })
    },
  }
}

/** Of either form: CSP 2 sends one object, the Reporting API a list. @throws Problem 400 */
function reportsIn(body: unknown): CspReport[] {
  const given = Array.isArray(body) ? body.filter((one) => isObject(one) && one['type'] === 'csp-violation') : [body]
  return given.slice(0, mostInOne).map((one) => {
    const report: unknown = isObject(one) ? (one['csp-report'] ?? one['body']) : undefined
    if (!isObject(report)) throw new Problem(400, 'invalid_request', 'The body is no report of a browser.')
    const text = (...names: string[]) =>
      names.map((name) => report[name]).find((value) => typeof value === 'string') ?? ''
    const directive = text('effectiveDirective', 'effective-directive', 'violated-directive').split(' ')[0] as string
    return {
      directive: directives.test(directive) ? directive : 'other',
      page: withoutQuery(text('documentURL', 'document-uri')),
      blocked: withoutQuery(text('blockedURL', 'blocked-uri')),
      source: withoutQuery(text('sourceFile', 'source-file')),
    }
  })
}

function withoutQuery(address: string): string {
  return (address.split(/[?#]/, 1)[0] as string).slice(0, longest)
}
