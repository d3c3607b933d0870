import type { Document } from 'bson'
import type { Backend } from './backend.ts'
import { matches } from './match.ts'
import type { Oracle } from './oracle.ts'
import { show } from './outcome.ts'
import { Difference } from './difference.ts'
import { same } from './values.ts'
import type { Row } from './values.ts'

/** A cursor that is read while others write: what nobody touched must come once, as it is. */
export class CursorCheck {
  private readonly backend: Backend
  private readonly database: string
  private readonly collection: string
  private readonly oracle: Oracle
  private readonly filter: Row
  private start: [number, Row][] = []
  private given: Row[] = []
  private id: unknown

  constructor(backend: Backend, database: string, collection: string, oracle: Oracle, filter: Row) {
    this.backend = backend
    this.database = database
    this.collection = collection
    this.oracle = oracle
    this.filter = filter
  }

  async open(batchSize: number): Promise<void> {
    this.start = this.oracle.seen()
    this.oracle.touched.clear()
    this.take(await this.backend.command(this.database, { find: this.collection, filter: this.filter, batchSize }))
  }

  async read(batchSize: number): Promise<void> {
    if (Number(this.id) === 0) return
    this.take(await this.backend.command(this.database, { getMore: this.id, collection: this.collection, batchSize }))
  }

  /** Reads the rest and compares. @throws Difference */
  async finish(): Promise<void> {
    while (Number(this.id) !== 0) await this.read(100)
    for (const [serial, row] of this.start) {
      if (this.oracle.touched.has(serial)) continue
      const times = this.given.filter(({ _id }) => same(_id, row._id)).length
      const wanted = matches(row, this.filter) ? 1 : 0
      const taken = this.start.filter(([, { _id }]) => same(_id, row._id)).length
      if (taken === 1 && times !== wanted)
        throw new Difference(`a cursor of ${show(this.filter)} gave ${show(row)} ${times} times: ${show(this.given)}`)
    }
  }

  private take(reply: Document): void {
    if (reply.ok !== 1) throw new Difference(`a cursor of ${show(this.filter)}: ${show(reply)}`)
    const cursor = reply.cursor as { id: unknown; firstBatch?: Row[]; nextBatch?: Row[] }
    this.id = cursor.id
    this.given.push(...(cursor.firstBatch ?? cursor.nextBatch ?? []))
  }
}
