import type { Log } from '@dcesop/sdk-plugin'
import { logLinesPerSecond, mostLogCharacters } from './limits.ts'

/**
 * The log of what a plugin's process says and does, which decides how much that is: some lines in a second are kept, and of a long one
 * the beginning of its message alone. The host waits for each line as long as it is.
 */
export class KeptLog implements Log {
  readonly #log: Log
  #lines = 0

  constructor(log: Log) {
    this.#log = log
  }

  debug(fields: object, message: string): void {
    this.#write('debug', fields, message)
  }

  info(fields: object, message: string): void {
    this.#write('info', fields, message)
  }

  warn(fields: object, message: string): void {
    this.#write('warn', fields, message)
  }

  error(fields: object, message: string): void {
    this.#write('error', fields, message)
  }

  /** Once a second. */
  beat(): void {
    const left = this.#lines - logLinesPerSecond
    this.#lines = 0
    if (left > 0) this.#log.warn({ left }, 'plugin wrote more to the log than is kept')
  }

  #write(level: keyof Log, fields: object, message: string): void {
    this.#lines += 1
    if (this.#lines > logLinesPerSecond) return
    const length = lengthOf(fields)
    this.#log[level](
      length > mostLogCharacters ? { leftOut: length } : fields,
      message.length > mostLogCharacters ? message.slice(0, mostLogCharacters) : message,
    )
  }
}

/** Characters of the fields as JSON; infinite when they are none. */
function lengthOf(fields: object): number {
  try {
    return JSON.stringify(fields, (_name, value: unknown) =>
      value instanceof Error ? [value.message, value.stack, value.cause] : value,
    ).length
  } catch {
    return Infinity
  }
}
