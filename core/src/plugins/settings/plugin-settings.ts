import type { Json } from '@dcesop/sdk-plugin/host'
import type { Connection } from 'mongoose'
import { isDuplicateKey } from '../../jobs/duplicate-key.ts'
import type { Clock } from '../../ports.ts'
import type { GenerationKey } from '../journal/journal.ts'

/** What administrators have set of a plugin's configuration; a revision of it never changes. */
export interface Settings {
  /** 0 while nobody has set anything. */
  readonly revision: number
  readonly global?: Json
  readonly regions: Readonly<Record<string, Json>>
}

interface StoredSettings {
  /** `<plugin>/<revision, 10 digits>`: of two that are written at once, one collides. */
  _id: string
  plugin: string
  revision: number
  /** As JSON: names in it are the plugin's, and may be no names for a database. */
  content: string
  at: Date
}

export const noSettings: Settings = { revision: 0, regions: {} }

/** Every revision of every plugin's settings. Which one holds is told by the generation. */
export class PluginSettings {
  readonly #connection: Connection
  readonly #clock: Clock

  constructor(connection: Connection, clock: Clock) {
    this.#connection = connection
    this.#clock = clock
  }

  get #documents() {
    const options = { writeConcern: { w: 'majority', j: true } } as const
    return this.#connection.collection<StoredSettings>('plugin_settings', options)
  }

  /** What a generation runs with. */
  async of({ plugin, settings }: Pick<GenerationKey, 'plugin' | 'settings'>): Promise<Settings> {
    if (settings === undefined) return noSettings
    const found = await this.at(plugin, settings)
    if (!found) throw new Error(`Revision ${settings} of the settings of "${plugin}" is not in the database.`)
    return found
  }

  async at(plugin: string, revision: number): Promise<Settings | undefined> {
    if (revision === 0) return noSettings
    const found = await this.#documents.findOne({ _id: idOf(plugin, revision) })
    return found ? { ...(JSON.parse(found.content) as Omit<Settings, 'revision'>), revision } : undefined
  }

  /** Writes the next revision; it holds for nobody yet. */
  async add(plugin: string, { global, regions }: Omit<Settings, 'revision'>): Promise<Settings> {
    const content = JSON.stringify({ ...(global ? { global } : {}), regions })
    for (;;) {
      const last = await this.#documents.findOne(
        { _id: { $gte: `${plugin}/`, $lt: `${plugin}0` } },
        { sort: { _id: -1 } },
      )
      const revision = (last?.revision ?? 0) + 1
      try {
        await this.#documents.insertOne({
          _id: idOf(plugin, revision),
          plugin,
          revision,
          content,
          at: this.#clock.now(),
        })
        return { ...(global ? { global } : {}), regions, revision }
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
      }
    }
  }
}

function idOf(plugin: string, revision: number): string {
  return `${plugin}/${String(revision).padStart(10, '0')}`
}
