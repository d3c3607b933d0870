import { watch } from 'node:fs/promises'

const ignored = /(^|[\\/])(node_modules|dist|\.[^\\/]*)([\\/]|$)/

/**
 * Yields the time at once, and again after each change of a source file below the folder; changes that come together are one.
 * Ends with the signal.
 * @param settleMs quiet time that ends a change: editors write in several steps
 */
export async function* sourceChanges(folder: string, signal: AbortSignal, settleMs = 80): AsyncGenerator<number> {
  let changed = Promise.withResolvers<void>()
  changed.resolve()
  let timer: NodeJS.Timeout | undefined
  const noticed = (async () => {
    for await (const { filename } of watch(folder, { recursive: true, signal })) {
      if (filename === null || ignored.test(filename)) continue
      clearTimeout(timer)
      timer = setTimeout(() => changed.resolve(), settleMs)
    }
  })().catch((error: unknown) => {
    if (!signal.aborted) changed.reject(error)
  })
  signal.addEventListener('abort', () => changed.resolve())
  for (;;) {
    await changed.promise
    changed = Promise.withResolvers<void>()
    if (signal.aborted) break
    yield performance.now()
  }
  clearTimeout(timer)
  await noticed
}
