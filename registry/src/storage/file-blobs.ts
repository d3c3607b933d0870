import { constants } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Blobs, ByteRange } from './blobs.ts'

const digestPattern = /^[0-9a-f]{128}$/

/** Blobs as read-only files `ab/<digest>` in a folder; a file appears whole, by rename, after its bytes are on the disk. */
export class FileBlobs implements Blobs {
  readonly #root: string

  private constructor(root: string) {
    this.#root = root
  }

  static async open(root: string): Promise<FileBlobs> {
    await mkdir(root, { recursive: true })
    return new FileBlobs(root)
  }

  async put(digest: string, file: string): Promise<void> {
    const target = this.#path(digest)
    if (await exists(target)) {
      // So that a clean-up under way sees that it is wanted again.
      await utimes(target, new Date(), new Date())
      await rm(file)
      return
    }
    const made = await mkdir(dirname(target), { recursive: true })
    if (made !== undefined) await syncFolder(this.#root)
    const handle = await open(file, constants.O_RDWR)
    try {
      await handle.chmod(0o444)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(file, target)
    await syncFolder(dirname(target))
  }

  async open(digest: string, range?: ByteRange): Promise<Readable> {
    const handle = await open(this.#path(digest))
    return handle.createReadStream(range ? { start: range.from, end: range.to } : {})
  }

  async *untouchedSince(before: Date): AsyncIterable<string> {
    for (const folder of await readdir(this.#root)) {
      for (const name of await readdir(join(this.#root, folder))) {
        if (!digestPattern.test(name)) continue
        const { mtime } = await stat(this.#path(name))
        if (mtime < before) yield name
      }
    }
  }

  async delete(digest: string): Promise<void> {
    await rm(this.#path(digest), { force: true })
  }

  #path(digest: string): string {
    if (!digestPattern.test(digest)) throw new Error(`"${digest}" is not a SHA-512 in hex.`)
    return join(this.#root, digest.slice(0, 2), digest)
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}

/** A rename is only durable once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
