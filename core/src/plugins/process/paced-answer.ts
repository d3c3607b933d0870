import { Transform, type TransformCallback } from 'node:stream'
import { mostAnswerBytes, pacedAnswer } from './limits.ts'

/**
 * Carries a long answer on at a measured pace: at full speed it would take the host's processor from the answers of others.
 * Fails beyond {@link mostAnswerBytes}.
 */
export class PacedAnswer extends Transform {
  readonly #start = performance.now()
  #bytes = 0
  #timer: NodeJS.Timeout | undefined

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#bytes += chunk.length
    if (this.#bytes > mostAnswerBytes) return done(new Error(`The answer is larger than ${mostAnswerBytes} bytes.`))
    const dueMs = ((this.#bytes - pacedAnswer.freeBytes) / pacedAnswer.bytesPerSecond) * 1000
    const earlyMs = dueMs - (performance.now() - this.#start)
    if (earlyMs < 1) done(null, chunk)
    else this.#timer = setTimeout(() => done(null, chunk), earlyMs)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer)
    done(error)
  }
}
