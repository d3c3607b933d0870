import { CommandError } from '../errors.ts'

/** Codes after which a driver may send a write again (driver specification "Retryable Writes"). */
const RETRYABLE_WRITE = new Set([6, 7, 89, 91, 134, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436])
/** Codes after which a whole transaction may be run again, also when its end answers them. */
const TRANSIENT = new Set([24, 112, 239, 246, 251, 267])

/** Codes after which a driver opens a change stream again where it ended, besides the retryable ones. */
const RESUMABLE = new Set([...RETRYABLE_WRITE, 63, 133, 150, 175, 234, 13388])

export interface LabelSituation {
  inTransaction: boolean
  endsTransaction: boolean
  retryableWrite: boolean
  opensChangeStream: boolean
}

/** The labels by which the driver decides whether to retry. */
export function labelsOf(error: CommandError, situation: LabelSituation): string[] {
  const chosen: unknown = error.extra.errorLabels
  if (Array.isArray(chosen)) return chosen as string[]
  const labels = new Set(error.labels)
  if (situation.retryableWrite || situation.endsTransaction) {
    if (RETRYABLE_WRITE.has(error.code)) labels.add('RetryableWriteError')
  }
  // A retryable error of the end is answered by sending the end again.
  const transient = TRANSIENT.has(error.code) || (!situation.endsTransaction && RETRYABLE_WRITE.has(error.code))
  if (transient && (situation.inTransaction || situation.endsTransaction)) labels.add('TransientTransactionError')
  if (situation.opensChangeStream && RESUMABLE.has(error.code)) labels.add('ResumableChangeStreamError')
  return [...labels]
}

/** Whether a write concern error tells the driver to retry. */
export function isRetryableCode(code: number): boolean {
  return RETRYABLE_WRITE.has(code)
}

/** What reading a change stream failed with, labelled when the driver shall open it again. */
export function streamError(error: unknown): unknown {
  if (!(error instanceof CommandError) || !RESUMABLE.has(error.code)) return error
  const { code, codeName, message, extra } = error
  return new CommandError(code, codeName, message, { labels: ['ResumableChangeStreamError'], extra })
}
