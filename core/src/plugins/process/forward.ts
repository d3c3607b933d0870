import { Problem } from '@dcesop/sdk-plugin'
import { answerHeaders, atLimit } from '@dcesop/sdk-plugin/http'
import type { RouteDeclaration } from '@dcesop/sdk-plugin/manifest'
import {
  type Agent,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
  type ServerResponse,
} from 'node:http'
import { answerProblem } from '../../http/raw-problem.ts'
import type { Log } from '../../ports.ts'
import type { Call } from '../generation/call.ts'
import { ownTime } from '../generation/loop-time.ts'
import { callHeader, encodeCall } from './call-header.ts'
import { mostAnswerBytes, pacedAnswer } from './limits.ts'
import { PacedAnswer } from './paced-answer.ts'
import { endedMidway, startingAgain } from './starting-again.ts'

export interface Target {
  readonly plugin: string
  readonly agent: Agent
  readonly socketPath: string
  readonly key: string
  readonly log: Log
  /** Whether the process has ended or does so in this moment. A plugin that only closed its socket fails. */
  ends(): Promise<boolean>
}

/** About one connection only (RFC 9110, 7.6.1), or the host's own. */
const notForwarded = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'expect', 'cookie', 'authorization', callHeader],
])
/** What an answer of a plugin may not say for the host. */
const notAnswered = new Set([
  ...[
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
  ],
  ...['set-cookie', 'clear-site-data', 'strict-transport-security', 'alt-svc', 'x-trace-id'],
  ...answerHeaders.map(([name]) => name),
])
/** The process ends a handler at its limit itself; this much later the host stops waiting. */
const graceMs = 1_000
const defaultTimeoutMs = 10_000
/** Answers of the kind 1xx, none of which goes on to the client. */
const mostInterim = 10

/** Streams a request to a plugin's process and its answer back. Either side's end is the other's. */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  call: Call,
  declaration: RouteDeclaration | undefined,
  target: Target,
): void {
  const { plugin, agent, socketPath, key, log } = target
  const headers = headersFor(request, encodeCall(key, call))
  const outgoing = httpRequest({
    agent,
    socketPath,
    method: request.method,
    path: request.url,
    headers,
    setHost: false,
  })
  let stop = () => {}
  let ended = false
  const end = (reason: unknown) => {
    if (ended) return
    ended = true
    stop()
    outgoing.destroy()
    if (!response.headersSent) answerProblem(request, response, reason, log)
    else response.destroy()
  }
  call.cancellation.tell(end)
  let begun: number | undefined
  const wait = () => {
    begun = ownTime(plugin)
    const limitMs = declaration?.timeoutMs ?? defaultTimeoutMs
    const late = () => new Problem(504, 'time_limit', `The plugin did not answer within ${limitMs} ms.`)
    stop = atLimit(limitMs + graceMs, () => call.cancellation.cancel(late()))
  }
  outgoing.on('response', (incoming) => {
    stop()
    request.off('end', wait)
    if (begun !== undefined) call.handlerMs = ownTime(plugin) - begun
    answer(incoming, response, call.traceId, end)
  })
  let interim = 0
  outgoing.on('information', () => {
    interim += 1
    // Node reads as many as come, and nobody else is served meanwhile.
    if (interim > mostInterim) end(new Error(`The plugin sent more than ${mostInterim} answers before its answer.`))
  })
  outgoing.on('error', async (cause: NodeJS.ErrnoException) => {
    if (!(await target.ends())) return end(new Error('The process of the plugin did not answer.', { cause }))
    if (isRefused(cause)) call.notAsked = true
    else call.endedMidway = true
    end(call.notAsked ? startingAgain(plugin) : endedMidway(plugin, cause))
  })
  response.once('close', () => {
    ended = true
    stop()
    outgoing.destroy()
  })
  if (!hasBody(request)) {
    outgoing.end()
    wait()
  } else {
    // A slow client is not the plugin's fault: for a body that is read whole the time counts from its end.
    if (declaration?.streaming) wait()
    else request.once('end', wait)
    request.pipe(outgoing)
  }
}

/** Nobody listens: the request reached nobody. */
function isRefused({ code }: NodeJS.ErrnoException): boolean {
  return code === 'ECONNREFUSED' || code === 'ENOENT'
}

function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  traceId: string,
  end: (reason: unknown) => void,
): void {
  if (response.destroyed) return void incoming.destroy()
  const { statusCode = 500, headers } = incoming
  const isEndless = headers['content-type']?.startsWith('text/event-stream') === true
  const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length'])
  if (!isEndless && length !== undefined && length > mostAnswerBytes)
    return end(new Error(`The answer is larger than ${mostAnswerBytes} bytes.`))
  response.statusCode = statusCode >= 200 && statusCode < 600 ? statusCode : 500
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !notAnswered.has(name)) response.setHeader(name, value)
  for (const [name, value] of answerHeaders) if (response.getHeader(name) !== value) response.setHeader(name, value)
  if (response.getHeader('x-trace-id') !== traceId) response.setHeader('x-trace-id', traceId)
  incoming.on('error', end)
  if (length !== undefined && length <= pacedAnswer.freeBytes) pass(incoming, response, length)
  else {
    const paced = new PacedAnswer(isEndless ? { ...pacedAnswer, mostBytes: Infinity } : pacedAnswer).on('error', end)
    response.once('close', () => paced.destroy())
    incoming.pipe(paced).pipe(response)
  }
  // Small steps of a stream go out as they come.
  if (length === undefined) response.flushHeaders()
}

/** A body that came whole goes on with its head in one string: two pieces cost the system a fifth of the request. */
function pass(incoming: IncomingMessage, response: ServerResponse, length: number): void {
  incoming.once('data', (first: Buffer) => {
    if (first.length === length) return void response.end(first.toString('latin1'), 'latin1')
    response.write(first)
    incoming.pipe(response)
  })
  // One without a body.
  incoming.once('end', () => response.end())
}

function headersFor(request: IncomingMessage, call: string): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {}
  for (const [name, value] of Object.entries(request.headers)) if (!notForwarded.has(name)) headers[name] = value
  headers[callHeader] = call
  return headers
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
