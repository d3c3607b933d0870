import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** A folder for what arrives. What a crash left in it belongs to nothing, and is removed at the next start. */
export class Spool {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(folder: string): Promise<Spool> {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return new Spool(folder)
  }

  /** Runs work once all of the body is in a file, which is gone afterwards. @param work gets what opens the file */
  async with<T>(body: Readable, work: (file: () => Readable) => Promise<T>): Promise<T> {
    const path = join(this.#folder, randomUUID())
    try {
      await pipeline(body, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
      return await work(() => createReadStream(path))
    } finally {
      await rm(path, { force: true })
    }
  }
}
