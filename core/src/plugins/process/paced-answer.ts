import { Transform, type TransformCallback } from 'node:stream'
import { pacedAnswer } from './limits.ts'

/**
 * Carries a long answer on at a measured pace: at full speed it would take the host's processor from the answers of others.
 * Fails when it is too long.
 */
export class PacedAnswer extends Transform {
  readonly #pace: Readonly<Record<keyof typeof pacedAnswer, number>>
  #bytes = 0
  /** What may go on at once, bytes; negative while something waits. It grows with time, so that one that rested has no more than at its start. */
  #free: number
  #at = performance.now()
  #timer: NodeJS.Timeout | undefined

  constructor(pace: Readonly<Record<keyof typeof pacedAnswer, number>> = pacedAnswer) {
    super()
    this.#pace = pace
    this.#free = pace.freeBytes
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length
    const { freeBytes, bytesPerSecond, mostBytes } = this.#pace
    if (this.#bytes > mostBytes) return done(new Error(`The answer is larger than ${mostBytes} bytes.`))
    const now = performance.now()
    this.#free = Math.min(freeBytes, this.#free + ((now - this.#at) / 1000) * bytesPerSecond) - chunk.length
    this.#at = now
    const earlyMs = (-this.#free / bytesPerSecond) * 1000
    if (earlyMs < 1) done(null, chunk)
    else this.#timer = setTimeout(() => done(null, chunk), earlyMs)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer)
    done(error)
  }
}
