import { Problem, type Clock } from '@dcesop/sdk-plugin'
import type { Connection } from 'mongoose'
import { collectionOf } from '../data/core-db.ts'
import type { WriteCondition } from '../http/write-condition.ts'

interface StoredPreference {
  /** `<account id>/<key>`. */
  readonly _id: string
  readonly owner: string
  /** Opaque JSON text of the shell: never read, never indexed. */
  readonly json: string
  readonly revision: number
  readonly changedAt: Date
}

type Change = Omit<StoredPreference, '_id' | 'revision'>

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
   * @param condition what has to hold of the revision that is there; undefined to write whatever is there
   * @throws Problem 412 when it does not hold, or another tab or device wrote in between; 409 with more than 50 keys
   */
  async write(owner: string, key: string, value: unknown, condition?: WriteCondition): Promise<Preference> {
    const _id = `${owner}/${key}`
    const present = await this.#stored.findOne({ _id })
    const revision = present?.revision ?? 0
    if (condition?.(revision) === false) throw changed()
    if (!present && (await this.#stored.countDocuments({ owner })) >= mostKeys) throw tooMany()
    const change = { owner, json: JSON.stringify(value), changedAt: this.#clock.now() }
    const kept = condition ? await this.#replace(_id, change, revision) : await this.#put(_id, change)
    if (kept === undefined) throw changed()
    if (!present && (await this.#stored.countDocuments({ owner })) > mostKeys) {
      // Others were added since it was counted before.
      await this.#stored.deleteOne({ _id, revision: 1 })
      throw tooMany()
    }
    return { value, revision: kept }
  }

  /** In one step: of many at once none has to try again. @returns the revision */
  async #put(_id: string, change: Change): Promise<number | undefined> {
    const kept = await this.#stored.findOneAndUpdate(
      { _id },
      { $set: change, $inc: { revision: 1 } },
      { upsert: true, returnDocument: 'after' },
    )
    return kept?.revision
  }

  /** @returns the revision, undefined when somebody was faster */
  async #replace(_id: string, change: Change, revision: number): Promise<number | undefined> {
    const next = { ...change, revision: revision + 1 }
    const done =
      revision > 0
        ? (await this.#stored.updateOne({ _id, revision }, { $set: next })).matchedCount
        : (await this.#stored.updateOne({ _id }, { $setOnInsert: next }, { upsert: true })).upsertedCount
    return done === 1 ? next.revision : undefined
  }
}

function changed(): Problem {
  return new Problem(412, 'precondition_failed', 'The preference has changed since you read it.')
}

function tooMany(): Problem {
  return new Problem(409, 'conflict', `At most ${mostKeys} preferences can be kept.`)
}
