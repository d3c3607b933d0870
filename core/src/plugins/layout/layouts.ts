import { Problem } from '@dcesop/sdk-plugin'
import type { Connection } from 'mongoose'
import { durable } from '../../data/durable.ts'
import { isDuplicateKey } from '../../data/duplicate-key.ts'
import type { Clock } from '../../ports.ts'

/** How a region wants the extensions of one point: those named come first, in this order; hidden ones are in nobody's feed. Names are `plugin/extension`. */
export interface PointLayout {
  readonly order: readonly string[]
  readonly hidden: readonly string[]
  /** Extensions of other points, or of points that nobody offers, that the region wants here, too. */
  readonly added?: readonly string[]
}

/** A region's wishes by point, for example `customer360.panel/v1`. Where nothing is said the authors' order holds. */
export type PointLayouts = Readonly<Record<string, PointLayout>>

export interface Layout {
  readonly region: string
  /** Grows with each change; 0 while the region has no wishes. */
  readonly revision: number
  readonly points: PointLayouts
}

interface StoredLayout {
  _id: string
  revision: number
  /** Pairs, because names of points have dots. */
  points: { point: string; order: string[]; hidden: string[]; added?: string[] }[]
  at: Date
}

/** Layouts of the regions, one document for each. */
export class Layouts {
  readonly #connection: Connection
  readonly #clock: Clock

  constructor(connection: Connection, clock: Clock) {
    this.#connection = connection
    this.#clock = clock
  }

  get #documents() {
    return this.#connection.collection<StoredLayout>('ui_layouts', durable)
  }

  async get(region: string): Promise<Layout> {
    const found = await this.#documents.findOne({ _id: region })
    const points = found?.points.map(({ point, ...layout }) => [point, layout] as const) ?? []
    return { region, revision: found?.revision ?? 0, points: Object.fromEntries(points) }
  }

  /** @param revision the one that the change was made on. @throws Problem 409 `conflict` when somebody else changed it since */
  async put(region: string, revision: number, points: PointLayouts): Promise<Layout> {
    const stored = Object.entries(points).map(([point, { order, hidden, added }]) => ({
      point,
      order: [...order],
      hidden: [...hidden],
      ...(added && { added: [...added] }),
    }))
    try {
      const { matchedCount, upsertedCount } = await this.#documents.updateOne(
        { _id: region, revision },
        { $set: { points: stored, revision: revision + 1, at: this.#clock.now() } },
        { upsert: revision === 0 },
      )
      if (matchedCount + upsertedCount === 1) return { region, revision: revision + 1, points }
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
    }
    throw new Problem(409, 'conflict', `The layout of region "${region}" was changed since revision ${revision}.`)
  }
}
