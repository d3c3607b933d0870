import { Problem } from '../backend/problem.ts'

/** The driver's and mongoose's errors of a database that is away, by name: a plugin may have been packed with its own copy of them. */
const outages =
  /^Mongo(ose)?(ServerSelection|Network|TopologyClosed|ServerClosed|ClientClosed|NotConnected|PoolCleared|PoolClosed|WaitQueueTimeout|OperationTimeout)/
/**
 * What a server says that takes nothing for now: it stops or is no longer primary (server discovery and monitoring specification,
 * "not writable primary" and "node is recovering"), its disk is full (14031), or it takes no writes (371).
 */
const refusals = new Set([91, 189, 10058, 10107, 11600, 11602, 13435, 13436, 14031, 371])
const socketEnded = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_DESTROYED'])

/** The system has no room or no handles left: ENOSPC, EDQUOT, EROFS of a disk; EMFILE, ENFILE of open files. */
const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE'])

/** The answer to a request that may succeed a little later, undefined where the error says nothing of the kind. */
export function outageProblem(error: unknown): Problem | undefined {
  const outage = error instanceof Error ? outageOf(error) : undefined
  return outage === undefined ? undefined : new Problem(503, 'unavailable', outage, { retryAfter: 5, cause: error })
}

/** One sentence when the error says that the same request may succeed a little later, undefined otherwise. */
export function outageOf(error: Error): string | undefined {
  if (isDatabaseOutage(error)) return 'The database cannot be used at the moment.'
  if (noRoom.has((error as DriverError).code as string)) return 'The server has no room for this at the moment.'
  return undefined
}

function isDatabaseOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { name, message, code, errorResponse } = error as DriverError
  if (outages.test(name)) return true
  if (name === 'MongooseError') return message.includes('buffering timed out')
  // A bulk write that never got its answer carries the error of the network in place of the server's document.
  if (name.startsWith('Mongo')) return refusals.has(code as number) || isDatabaseOutage(errorResponse)
  // A write to a socket that has just ended leaves the driver (7.8) as Node's own error.
  return socketEnded.has(code as string) && /[\\/]mongodb[\\/]lib[\\/]/.test(error.stack ?? '')
}

type DriverError = Error & { readonly code?: unknown; readonly errorResponse?: unknown }
