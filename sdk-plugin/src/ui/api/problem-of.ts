import { ApiProblem, type ApiProblemDetail } from './api-problem.ts'

const known = new Set(['type', 'title', 'status', 'detail', 'instance', 'code', 'errors', 'traceId', 'retryAfter'])

/** Reads a failed answer: problem+json (RFC 9457) when it is one, else the status alone (a proxy's page, an empty body). */
export async function problemOf(response: Response, now: number = Date.now()): Promise<ApiProblem> {
  const body = await readObject(response)
  const { status } = response
  return new ApiProblem({
    status,
    code: text(body['code']) ?? `http_${status}`,
    detail: text(body['detail']) ?? text(body['title']),
    errors: Array.isArray(body['errors']) ? (body['errors'] as ApiProblemDetail[]) : undefined,
    traceId: text(body['traceId']) ?? response.headers.get('x-trace-id') ?? undefined,
    retryAfter: retryAfterSeconds(response.headers.get('retry-after'), now),
    extensions: Object.fromEntries(Object.entries(body).filter(([name]) => !known.has(name))),
  })
}

/** Retry-After (RFC 9110 10.2.3): seconds, or a date turned into seconds from now. */
export function retryAfterSeconds(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds)
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000))
}

async function readObject(response: Response): Promise<Record<string, unknown>> {
  if (!/[/+]json/.test(response.headers.get('content-type') ?? '')) return {}
  try {
    const body: unknown = await response.json()
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    // A truncated error body must not hide the status it came with.
    return {}
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
