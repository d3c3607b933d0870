import type { RootDatabase } from 'lmdb'

/** What of LMDB's native side starts its writer thread, and tells how far a commit is; the library's promises wait for the flush as well. */
interface NativeWrites {
  startWriting?: (instructions: number, progress: (status: number) => unknown) => void
}

const VISIBLE = 1

/**
 * Stands before LMDB's writer thread, which commits together all that it finds written when it comes to the end of that:
 * while the gate is closed it does not begin, so that what is put in several turns is one commit.
 */
export class WriterGate {
  /** Called when readers see a commit, which is before it is flushed. */
  visible: () => void = () => undefined
  private closed = false
  private begin: () => void = () => undefined

  constructor(db: RootDatabase<Buffer, Buffer>) {
    const native = (db as unknown as { env?: NativeWrites }).env
    const startWriting = native?.startWriting
    if (!native || !startWriting) throw new Error('this version of lmdb starts its writer thread in another way')
    const value: typeof startWriting = (instructions, progress) => {
      this.pass(() =>
        startWriting.call(native, instructions, (status) => {
          const answer = progress(status)
          if (status === VISIBLE) this.visible()
          return answer
        }),
      )
    }
    Object.defineProperty(native, 'startWriting', { value })
  }

  close(): void {
    this.closed = true
  }

  open(): void {
    this.closed = false
    const { begin } = this
    this.begin = () => undefined
    begin()
  }

  private pass(begin: () => void): void {
    if (this.closed) this.begin = begin
    else begin()
  }
}
