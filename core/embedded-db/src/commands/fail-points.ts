import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { timeExceeded } from '../engine/interrupt.ts'
import { isNumeric, toNumber } from '../values/number.ts'

/** Closes the connection instead of answering. */
export class CloseConnection extends Error {}

export interface InjectedWriteConcernError {
  writeConcernError: Document
  errorLabels: string[] | undefined
}

interface FailPoint {
  data: Document
  /** How many more hits pass untouched, and how many after them fail. */
  skip: number
  times: number
  probability: number
}

/** Codes that tests of drivers inject, with their names. */
const CODE_NAMES: Record<number, string> = {
  1: 'InternalError',
  2: 'BadValue',
  8: 'UnknownError',
  13: 'Unauthorized',
  20: 'IllegalOperation',
  26: 'NamespaceNotFound',
  133: 'FailedToSatisfyReadPreference',
  150: 'StaleEpoch',
  234: 'RetryChangeStream',
  237: 'CursorKilled',
  6: 'HostUnreachable',
  7: 'HostNotFound',
  89: 'NetworkTimeout',
  91: 'ShutdownInProgress',
  112: 'WriteConflict',
  134: 'ReadConcernMajorityNotAvailableYet',
  189: 'PrimarySteppedDown',
  251: 'NoSuchTransaction',
  262: 'ExceededTimeLimit',
  9001: 'SocketException',
  10107: 'NotWritablePrimary',
  11600: 'InterruptedAtShutdown',
  11601: 'Interrupted',
  11602: 'InterruptedDueToReplStateChange',
  13435: 'NotPrimaryNoSecondaryOk',
  13436: 'NotPrimaryOrSecondary',
  50: 'MaxTimeMSExpired',
  11000: 'DuplicateKey',
  43: 'CursorNotFound',
  24: 'LockTimeout',
  79: 'UnknownReplWriteConcern',
  100: 'UnsatisfiableWriteConcern',
  64: 'WriteConcernTimeout',
  18: 'AuthenticationFailed',
  391: 'ReauthenticationRequired',
}

/** The name of a code that a test injects. */
export function codeName(code: number): string {
  return CODE_NAMES[code] ?? `Location${code}`
}

/** Faults that tests ask for, as configureFailPoint of a server started with enableTestCommands. */
export class FailPoints {
  private readonly points = new Map<string, FailPoint>()
  private count = 0

  /** Turns a fail point on or off; returns how many times any was set, as the server does. */
  configure(name: string, mode: unknown, data: Document): number {
    if (mode === 'off') this.points.delete(name)
    else this.points.set(name, { data, ...modeOf(mode) })
    return ++this.count
  }

  /** The fault for a command that is about to run. @throws CommandError or CloseConnection */
  async beforeCommand(
    name: string,
    body: Document,
    appName: string | undefined,
  ): Promise<InjectedWriteConcernError | undefined> {
    const point = this.points.get('failCommand')
    if (!point) return undefined
    const { data } = point
    if (!(data.failCommands as string[] | undefined)?.includes(name)) return undefined
    if (data.appName !== undefined && data.appName !== appName) return undefined
    if (data.namespace !== undefined && data.namespace !== namespaceOf(name, body)) return undefined
    if (!this.hit('failCommand', point)) return undefined
    if (data.blockConnection === true)
      await new Promise((resolve) => setTimeout(resolve, Number(data.blockTimeMS ?? 0)))
    if (data.closeConnection === true) throw new CloseConnection()
    const errorLabels = data.errorLabels as string[] | undefined
    if (isNumeric(data.errorCode)) {
      const code = toNumber(data.errorCode)
      throw new CommandError(code, codeName(code), `Failing command via 'failCommand' failpoint`, {
        extra: { injected: true, ...(errorLabels && { errorLabels }) },
      })
    }
    if (data.writeConcernError) return { writeConcernError: data.writeConcernError as Document, errorLabels }
    return undefined
  }

  /** For an operation with a time limit. @throws CommandError 50 for maxTimeAlwaysTimeOut */
  timeOut(): void {
    const point = this.points.get('maxTimeAlwaysTimeOut')
    if (point && this.hit('maxTimeAlwaysTimeOut', point)) throw timeExceeded()
  }

  /** @throws CommandError for failGetMoreAfterCursorCheckout */
  failGetMore(): void {
    const point = this.points.get('failGetMoreAfterCursorCheckout')
    if (!point || !this.hit('failGetMoreAfterCursorCheckout', point)) return
    const code = isNumeric(point.data.errorCode) ? toNumber(point.data.errorCode) : 1
    throw new CommandError(code, codeName(code), `Hit the 'failGetMoreAfterCursorCheckout' fail point`)
  }

  /**
   * The fault for a statement of a retryable write that is about to be done. @returns whether the connection is to be closed once
   * the command is done. @throws CommandError or CloseConnection in place of the statement
   */
  onRetryableWrite(): boolean {
    const point = this.points.get('onPrimaryTransactionalWrite')
    if (!point || !this.hit('onPrimaryTransactionalWrite', point)) return false
    const closes = point.data.closeConnection !== false
    const code = point.data.failBeforeCommitExceptionCode as unknown
    if (!isNumeric(code)) return closes
    if (closes) throw new CloseConnection()
    throw new CommandError(
      toNumber(code),
      codeName(toNumber(code)),
      "Failing write due to failpoint 'onPrimaryTransactionalWrite'. The write must not be reflected.",
      { extra: { injected: true } },
    )
  }

  private hit(name: string, point: FailPoint): boolean {
    if (point.skip > 0) {
      point.skip--
      return false
    }
    if (point.probability < 1 && Math.random() >= point.probability) return false
    if (--point.times <= 0) this.points.delete(name)
    return true
  }
}

/** The namespace that a command is about; its database when that is none. */
function namespaceOf(name: string, body: Document): string {
  const target: unknown = name === 'getMore' ? body.collection : body[name]
  return typeof target === 'string' ? `${body.$db}.${target}` : String(body.$db)
}

function modeOf(mode: unknown): Pick<FailPoint, 'skip' | 'times' | 'probability'> {
  const all = { skip: 0, times: Number.POSITIVE_INFINITY, probability: 1 }
  if (mode === 'alwaysOn') return all
  if (typeof mode === 'object' && mode !== null) {
    const { times, skip, activationProbability } = mode as Document
    if (isNumeric(times)) return { ...all, times: toNumber(times) }
    if (isNumeric(skip)) return { ...all, skip: toNumber(skip) }
    if (isNumeric(activationProbability)) return { ...all, probability: toNumber(activationProbability) }
  }
  throw new CommandError(2, 'BadValue', 'mode must be off, alwaysOn, {times}, {skip} or {activationProbability}')
}
