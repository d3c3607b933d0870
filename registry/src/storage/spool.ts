import { randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A file that is being written; it is gone unless somebody takes it over. */
export interface SpoolFile {
  readonly path: string
  write(bytes: Buffer): Promise<void>
  /** No more bytes follow. */
  close(): Promise<void>
  /** Closes and removes it, if it is still there. */
  discard(): Promise<void>
}

/** Files on the way in. What a crash left here belongs to nothing and is removed at the next start. */
export class Spool {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async open(folder: string): Promise<Spool> {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    return new Spool(folder)
  }

  /** @returns all that the stream gave, in a closed file @throws what the stream fails with */
  async receive(source: AsyncIterable<Buffer>): Promise<SpoolFile> {
    const file = await this.create()
    try {
      for await (const chunk of source) await file.write(chunk)
      await file.close()
      return file
    } catch (error) {
      await file.discard()
      throw error
    }
  }

  async create(): Promise<SpoolFile> {
    const path = join(this.#folder, randomUUID())
    const handle = await open(path, 'wx', 0o600)
    let opened = true
    const close = async () => {
      if (opened) await handle.close()
      opened = false
    }
    return {
      path,
      async write(bytes) {
        await handle.writeFile(bytes)
      },
      close,
      async discard() {
        await close()
        await rm(path, { force: true })
      },
    }
  }
}
