import { createHash } from 'node:crypto'
import { Problem } from '@dcesop/sdk-plugin'
import { packageLimits } from '@dcesop/sdk-plugin/package'
import type { SpoolFile } from '../../storage/spool.ts'

/** The decoded bytes of an attachment. */
export interface StoredAttachment {
  readonly file: SpoolFile
  readonly size: number
  /** Hex. */
  readonly sha1: string
  /** Hex. */
  readonly sha512: string
}

const batch = 64 * 1024

/** Decodes base64 that comes in pieces into a file, and hashes it on the way. */
export class Base64Sink {
  readonly #file: SpoolFile
  readonly #sha1 = createHash('sha1')
  readonly #sha512 = createHash('sha512')
  #pieces: string[] = []
  #held = 0
  #size = 0
  #ended = false

  constructor(file: SpoolFile) {
    this.#file = file
  }

  get file(): SpoolFile {
    return this.#file
  }

  /** @throws Problem 400 for a character that base64 does not have, 413 beyond the limit of packages */
  async write(text: string): Promise<void> {
    this.#pieces.push(text)
    this.#held += text.length
    if (this.#held >= batch) await this.#decode(false)
  }

  async end(): Promise<StoredAttachment> {
    await this.#decode(true)
    await this.#file.close()
    const [sha1, sha512] = [this.#sha1.digest('hex'), this.#sha512.digest('hex')]
    return { file: this.#file, size: this.#size, sha1, sha512 }
  }

  async #decode(last: boolean): Promise<void> {
    const text = this.#pieces.join('')
    // Four characters are three bytes: what is over waits for the next piece.
    const whole = last ? text.length : text.length - (text.length % 4)
    this.#pieces = [text.slice(whole)]
    this.#held = text.length - whole
    const bytes = this.#bytesOf(text.slice(0, whole))
    this.#size += bytes.length
    if (this.#size > packageLimits.packedBytes)
      throw new Problem(413, 'payload_too_large', `A package has at most ${packageLimits.packedBytes} bytes.`)
    this.#sha1.update(bytes)
    this.#sha512.update(bytes)
    await this.#file.write(bytes)
  }

  #bytesOf(text: string): Buffer {
    const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
    const bytes = Buffer.from(text, 'base64')
    // The decoder leaves out what is not base64, and ends at padding: then there are fewer bytes than characters ask for.
    const sound = !this.#ended && bytes.length === (text.length / 4) * 3 - padding
    if (text.length > 0 && !sound) throw new Problem(400, 'invalid_publish', 'The data of an attachment is not base64.')
    this.#ended = padding > 0
    return bytes
  }
}
