import type { Json } from '@dcesop/sdk-plugin/host'
import type { Connection } from 'mongoose'
import { isDuplicateKey } from '../../data/duplicate-key.ts'
import { durable } from '../../data/durable.ts'
import type { Clock } from '../../ports.ts'
import type { GenerationKey } from '../journal/journal.ts'

/** What administrators have set of a plugin's configuration; a revision of it never changes. */
export interface Settings {
  /** 0 while nobody has set anything. */
  readonly revision: number
  readonly global?: Json
  readonly regions: Readonly<Record<string, Json>>
}

/** Who made a revision of what came before, and where. */
export interface SettingsAct {
  readonly by: string
  /** Undefined for everywhere. */
  readonly region?: string
  /** JSON pointers to what is otherwise than before. */
  readonly changed: readonly string[]
}

/** A row of the history. */
export interface SettingsChange extends SettingsAct {
  readonly revision: number
  /** The revision that it was made on. */
  readonly from: number
  readonly at: Date
  /** A version did not start with it, so that all stayed as before. */
  readonly failed: boolean
}

interface StoredSettings {
  /** `<plugin>/<revision, 10 digits>`: of two that are written at once, one collides. */
  _id: string
  plugin: string
  revision: number
  /** As JSON: names in it are the plugin's, and may be no names for a database. */
  content: string
  at: Date
  /** Not told of revisions from before there was a history. */
  act?: SettingsAct & { readonly from: number }
  failed?: true
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
    return this.#connection.collection<StoredSettings>('plugin_settings', durable)
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
  async add(
    plugin: string,
    { global, regions }: Omit<Settings, 'revision'>,
    act: SettingsAct & { readonly from: number },
  ): Promise<Settings> {
    const content = JSON.stringify({ ...(global ? { global } : {}), regions })
    for (;;) {
      const last = await this.#documents.findOne(ofPlugin(plugin), { sort: { _id: -1 } })
      const revision = (last?.revision ?? 0) + 1
      try {
        await this.#documents.insertOne({
          _id: idOf(plugin, revision),
          plugin,
          revision,
          content,
          at: this.#clock.now(),
          act,
        })
        return { ...(global ? { global } : {}), regions, revision }
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
      }
    }
  }

  /** A revision with which a version did not start. */
  async failed(plugin: string, revision: number): Promise<void> {
    await this.#documents.updateOne({ _id: idOf(plugin, revision) }, { $set: { failed: true } })
  }

  /** Changes for everywhere and of these regions, newest first. */
  async history(plugin: string, regions: readonly string[], limit: number): Promise<SettingsChange[]> {
    const rows = await this.#documents
      .find(
        {
          ...ofPlugin(plugin),
          act: { $exists: true },
          $or: [{ 'act.region': { $exists: false } }, { 'act.region': { $in: [...regions] } }],
        },
        { sort: { _id: -1 }, limit },
      )
      .toArray()
    return rows.flatMap(({ act, revision, at, failed = false }) => (act ? [{ ...act, revision, at, failed }] : []))
  }
}

function ofPlugin(plugin: string) {
  return { _id: { $gte: `${plugin}/`, $lt: `${plugin}0` } }
}

function idOf(plugin: string, revision: number): string {
  return `${plugin}/${String(revision).padStart(10, '0')}`
}
