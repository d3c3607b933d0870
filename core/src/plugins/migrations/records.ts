import type { Connection } from 'mongoose'
import { durable } from '../../data/durable.ts'

/** One migration of a plugin in one region's database. */
export interface MigrationRecord {
  readonly name: string
  /** Hex SHA-256 of the file that ran: the same name with other content is refused. */
  readonly hash: string
  /** Version of the plugin that ran the last step. */
  readonly version: string
  readonly state: 'expanding' | 'expanded' | 'contracting' | 'contracted'
  readonly at: Date
  /** Why the last try of the step failed. */
  readonly error?: string
}

type MigrationDocument = MigrationRecord & { _id: string; plugin: string }

/** Which migrations have run, kept beside the data that they changed. */
export class MigrationRecords {
  readonly #connection: Connection
  readonly #plugin: string

  /** @param connection of the region */
  constructor(connection: Connection, plugin: string) {
    this.#connection = connection
    this.#plugin = plugin
  }

  get #documents() {
    return this.#connection.collection<MigrationDocument>('plugin_migrations', durable)
  }

  /** By name, in the order of their numbers. */
  async all(): Promise<MigrationRecord[]> {
    const found = await this.#documents.find({ plugin: this.#plugin }, { sort: { _id: 1 } }).toArray()
    return found.map(({ _id, plugin: _, ...record }) => record)
  }

  async forget(): Promise<void> {
    await this.#documents.deleteMany({ plugin: this.#plugin })
  }

  async put(record: MigrationRecord): Promise<void> {
    const _id = `${this.#plugin}/${record.name}`
    await this.#documents.replaceOne({ _id }, { plugin: this.#plugin, ...record }, { upsert: true })
  }
}
