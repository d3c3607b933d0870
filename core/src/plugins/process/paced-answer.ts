import { Transform, type TransformCallback } from 'node:stream'
import { pacedAnswer } from './limits.ts'

/**
 * Carries a long answer on at a measured pace: at full speed it would take the host's processor from the answers of others.
 * Fails when it is too long.
 */
export class PacedAnswer extends Transform {
  readonly #pace: Readonly<Record<keyof typeof pacedAnswer, number>>
  readonly #start = performance.now()
  #bytes = 0
  #timer: NodeJS.Timeout | undefined

  constructor(pace: Readonly<Record<keyof typeof pacedAnswer, number>> = pacedAnswer) {
    super()
    this.#pace = pace
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length
    const { freeBytes, bytesPerSecond, mostBytes } = this.#pace
    if (this.#bytes > mostBytes) return done(new Error(`The answer is larger than ${mostBytes} bytes.`))
    const dueMs = ((this.#bytes - freeBytes) / bytesPerSecond) * 1000
    const earlyMs = dueMs - (performance.now() - this.#start)
    if (earlyMs < 1) done(null, chunk)
    else this.#timer = setTimeout(() => done(null, chunk), earlyMs)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer)
    done(error)
  }
}
