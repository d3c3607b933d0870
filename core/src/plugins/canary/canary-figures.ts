import type { Connection } from 'mongoose'
import type { GenerationKey } from '../journal/journal.ts'
import { type Figures, noFigures, sum } from './figures.ts'

export interface Pair {
  readonly candidate: Figures
  readonly baseline: Figures
}

interface FiguresDocument extends Pair {
  /** `<plugin>|<digest>|<config revision>|<start of the canary>|<node>` */
  _id: string
  canary: string
  plugin: string
}

/** Figures of running canaries, one document for each node: they outlive a restart and are judged together. */
export class CanaryFigures {
  readonly #connection: Connection
  readonly #node: string

  constructor(connection: Connection, node: string) {
    this.#connection = connection
    this.#node = node
  }

  get #documents() {
    return this.#connection.collection<FiguresDocument>('plugin_canary_figures')
  }

  /** What this node had counted before its last stop. */
  async own(canary: string): Promise<Pair> {
    const found = await this.#documents.findOne({ _id: `${canary}|${this.#node}` })
    return found ?? { candidate: noFigures, baseline: noFigures }
  }

  async put(plugin: string, canary: string, { candidate, baseline }: Pair): Promise<void> {
    const fields = { plugin, canary, candidate, baseline }
    await this.#documents.replaceOne({ _id: `${canary}|${this.#node}` }, fields, { upsert: true })
  }

  /** Of all nodes together. */
  async total(canary: string): Promise<Pair> {
    const all = await this.#documents.find({ canary }).toArray()
    return { candidate: sum(all.map((one) => one.candidate)), baseline: sum(all.map((one) => one.baseline)) }
  }

  async forget(plugin: string): Promise<void> {
    await this.#documents.deleteMany({ plugin })
  }
}

/** Name of one canary: the generation and when it began. */
export function canaryId({ plugin, digest, configRevision }: GenerationKey, startedAt: Date): string {
  return [plugin, digest, configRevision, startedAt.getTime()].join('|')
}
