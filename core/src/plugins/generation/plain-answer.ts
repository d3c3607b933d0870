import { answerHeaders, leastCompressed } from '@dcesop/sdk-plugin/http'
import type { Lifecycle, Request, ResponseToolkit } from '@hapi/hapi'

/**
 * Answers plain data without hapi's way out (response object, extensions, marshalling, pipe), which costs as much as the rest of
 * the request. Whatever else a handler gives, and what is large enough to be compressed, is left to hapi.
 * @returns what the hapi handler gives back
 */
export function answerPlain(
  { raw: { req, res } }: Request,
  h: ResponseToolkit,
  traceId: string,
  value: Lifecycle.ReturnValueTypes,
): Lifecycle.ReturnValueTypes {
  // HEAD has no body, and the rest of an unread one is hapi's to deal with.
  if (req.method === 'HEAD' || !req.complete || !isPlain(value)) return value
  const body = JSON.stringify(value)
  const length = Buffer.byteLength(body)
  if (length >= leastCompressed) return h.response(body).type('application/json')
  if (res.destroyed) return h.abandon
  // Most were set when the request arrived, and setting one costs more than looking.
  for (const [name, content] of answerHeaders) if (res.getHeader(name) !== content) res.setHeader(name, content)
  if (res.getHeader('x-trace-id') !== traceId) res.setHeader('x-trace-id', traceId)
  res.setHeader('content-type', 'application/json; charset=utf-8')
  res.setHeader('content-length', length)
  res.end(body)
  return h.abandon
}

/** Whether it is data: an array or an object without a class, of whatever realm. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
