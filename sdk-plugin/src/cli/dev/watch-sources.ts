import { watchFolders } from './watch-folders.ts'

/**
 * Yields the time at once, and again after each change of a source file below the folder; changes that come together are one.
 * Ends with the signal.
 * @param settleMs quiet time that ends a change: editors write in several steps
 */
export async function* sourceChanges(folder: string, signal: AbortSignal, settleMs = 80): AsyncGenerator<number> {
  let changed = Promise.withResolvers<void>()
  changed.resolve()
  let timer: NodeJS.Timeout | undefined
  const notice = () => {
    clearTimeout(timer)
    timer = setTimeout(() => changed.resolve(), settleMs)
  }
  const close = watchFolders(folder, notice, (error) => changed.reject(error))
  signal.addEventListener('abort', () => changed.resolve())
  try {
    for (;;) {
      await changed.promise
      changed = Promise.withResolvers<void>()
      if (signal.aborted) break
      yield performance.now()
    }
  } finally {
    clearTimeout(timer)
    close()
  }
}
