import type { Document } from 'bson'

/** A failure that the server answers as `{ ok: 0, code, codeName, errmsg, ...extra }`, with the codes of MongoDB's error_codes.yml. */
export class CommandError extends Error {
  readonly code: number
  readonly codeName: string
  readonly labels: readonly string[]
  readonly extra: Document

  constructor(code: number, codeName: string, message: string, options: { labels?: string[]; extra?: Document } = {}) {
    super(message)
    this.name = 'CommandError'
    this.code = code
    this.codeName = codeName
    this.labels = options.labels ?? []
    this.extra = options.extra ?? {}
  }
}

/** Whether an operation was ended from outside: past its limit, killed, or as its client is gone or the server stops. */
export function isInterruption(error: CommandError): boolean {
  return [50, 279, 11600, 11601].includes(error.code)
}

/** An error of running a command, as the server words it: with what it was doing in front. Others pass as they are. */
export function during(activity: string, error: unknown): unknown {
  if (!(error instanceof CommandError) || error.constructor !== CommandError) return error
  const { code, codeName, labels, extra, message } = error
  return new CommandError(code, codeName, `${activity} :: caused by :: ${message}`, { labels: [...labels], extra })
}

/** What the engine refuses on purpose: code 238, the feature's name, and where to go. */
export function notImplemented(feature: string): CommandError {
  return new CommandError(
    238,
    'NotImplemented',
    `${feature} is not supported by the embedded database; use MONGODB_URI to connect to a MongoDB server`,
  )
}
