import type { Clock, Log } from '@dcesop/sdk-plugin'
import type { Connection } from 'mongoose'
import type { Left } from '../generation/leftovers.ts'
import type { GenerationKey } from '../journal/journal.ts'

interface Document {
  /** The package's digest. */
  _id: string
  plugin: string
  version: string
  left: Left
  at: Date
}

/** Packages that leave something behind when they are stopped: they are not hot-swappable. For all hosts, over restarts. */
export class NotSwappable {
  readonly #connection: Connection
  readonly #clock: Clock
  readonly #log: Log

  constructor(connection: Connection, clock: Clock, log: Log) {
    this.#connection = connection
    this.#clock = clock
    this.#log = log
  }

  get #documents() {
    return this.#connection.collection<Document>('plugin_leftovers')
  }

  async mark({ digest, plugin, version }: GenerationKey, left: Left): Promise<void> {
    this.#log.error({ plugin, version, left }, 'a stopped plugin left something behind: it is not hot-swappable')
    try {
      const fields = { plugin, version, left, at: this.#clock.now() }
      await this.#documents.replaceOne({ _id: digest }, fields, { upsert: true })
    } catch (error) {
      this.#log.error({ err: error, plugin, version }, 'that a plugin is not hot-swappable could not be recorded')
    }
  }

  /** What the packages leave behind, by digest. */
  async all(): Promise<ReadonlyMap<string, Left>> {
    const found = await this.#documents.find({}).toArray()
    return new Map(found.map(({ _id, left }) => [_id, left]))
  }
}
