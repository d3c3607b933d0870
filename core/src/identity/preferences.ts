import { Problem, type Clock } from '@dcesop/sdk-plugin'
import type { Connection } from 'mongoose'
import { collectionOf } from '../data/core-db.ts'

interface StoredPreference {
  /** `<account id>/<key>`. */
  readonly _id: string
  readonly owner: string
  /** Opaque JSON text of the shell: never read, never indexed. */
  readonly json: string
  readonly revision: number
  readonly changedAt: Date
}

export interface Preference {
  readonly value: unknown
  readonly revision: number
}

const mostKeys = 50

/** Settings that a person's shell keeps on the host: layout, theme, language, density. */
export class Preferences {
  readonly #stored
  readonly #clock: Clock

  constructor(connection: Connection, clock: Clock) {
    this.#stored = collectionOf<StoredPreference>(connection, 'preferences')
    this.#clock = clock
  }

  async prepare(): Promise<void> {
    await this.#stored.createIndex({ owner: 1 })
  }

  async read(owner: string, key: string): Promise<Preference | undefined> {
    const stored = await this.#stored.findOne({ _id: `${owner}/${key}` })
    if (!stored) return undefined
    return { value: JSON.parse(stored.json) as unknown, revision: stored.revision }
  }

  /**
   * @param expected revision that must be the present one; 0 for "there is none yet"; undefined to write whatever is there
   * @throws Problem 412 when another tab or device wrote in between, 409 with more than 50 keys
   */
  async write(owner: string, key: string, value: unknown, expected: number | undefined): Promise<Preference> {
    const _id = `${owner}/${key}`
    const present = await this.#stored.findOne({ _id })
    const revision = present?.revision ?? 0
    if (expected !== undefined && expected !== revision) throw changed()
    if (!present && (await this.#stored.countDocuments({ owner })) >= mostKeys)
      throw new Problem(409, 'conflict', `At most ${mostKeys} preferences can be kept.`)
    const next: StoredPreference = {
      _id,
      owner,
      json: JSON.stringify(value),
      revision: revision + 1,
      changedAt: this.#clock.now(),
    }
    if (!(await this.#replace(next, revision))) {
      if (expected !== undefined) throw changed()
      return this.write(owner, key, value, undefined)
    }
    return { value, revision: next.revision }
  }

  /** @returns false when somebody was faster */
  async #replace(next: StoredPreference, revision: number): Promise<boolean> {
    const { _id, ...change } = next
    if (revision > 0) return (await this.#stored.updateOne({ _id, revision }, { $set: change })).matchedCount === 1
    return (await this.#stored.updateOne({ _id }, { $setOnInsert: change }, { upsert: true })).upsertedCount === 1
  }
}

function changed(): Problem {
  return new Problem(412, 'precondition_failed', 'The preference has changed since you read it.')
}
