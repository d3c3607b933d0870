import type { Backend } from './backend.ts'

export interface FreshName {
  database: string
  collection: string
}

/** A name for each sequence. Each hundred share a database, which is dropped after them: a drop costs as much as several operations. */
export class FreshNames {
  private readonly prefix: string
  private serial = 0

  constructor(prefix: string) {
    this.prefix = prefix
  }

  async next(backend: Backend): Promise<FreshName> {
    const serial = this.serial++
    const database = (hundred: number): string => `${this.prefix}${hundred}`
    const hundred = Math.floor(serial / 100)
    if (serial > 0 && serial % 100 === 0) await backend.command(database(hundred - 1), { dropDatabase: 1 })
    return { database: database(hundred), collection: `c${serial}` }
  }
}
