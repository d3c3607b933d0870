import type { Disposable } from '@dcesop/sdk-plugin'
import type { Connection } from 'mongoose'
import type { Clock, Log } from '../ports.ts'
import { answeredSoon } from './core-db.ts'

const everyMs = 10_000

/**
 * The time of the database, which all hosts have in common: what one holds against a time that another wrote, such as a lease, must not
 * depend on how their own clocks differ or leap.
 */
export class DatabaseClock implements Clock, Disposable {
  readonly #connection: Connection
  /** The database's time, ms, at zero of this process's steady clock. */
  #origin: number | undefined
  #timer: NodeJS.Timeout | undefined

  private constructor(connection: Connection) {
    this.#connection = connection
  }

  /** Asks the database now and every ten seconds; while it does not answer, the steady clock goes on. */
  static async follow(connection: Connection, log: Log): Promise<DatabaseClock> {
    const clock = new DatabaseClock(connection)
    await clock.#ask()
    clock.#timer = setInterval(
      () => void clock.#ask().catch((err: unknown) => log.warn({ err }, 'the database was not asked for its time')),
      everyMs,
    ).unref()
    return clock
  }

  now(): Date {
    return new Date((this.#origin as number) + performance.now())
  }

  dispose(): void {
    clearInterval(this.#timer)
  }

  async #ask(): Promise<void> {
    const asked = performance.now()
    const { localTime } = await this.#connection.getClient().db('admin').command({ hello: 1 }, answeredSoon(everyMs))
    const time = (localTime as Date).getTime()
    // Said at some time between question and answer. A late answer, as of a database that hung, says little, and corrects little.
    const [least, most] = [time - performance.now(), time - asked]
    this.#origin = Math.min(most, Math.max(least, this.#origin ?? (least + most) / 2))
  }
}
