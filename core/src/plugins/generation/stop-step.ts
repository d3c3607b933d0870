import type { Log } from '@dcesop/sdk-plugin'
import type { GenerationKey } from '../journal/journal.ts'

const disposeMs = 10_000

/** One part of a generation's stop; a part that fails or hangs is reported and does not keep the others. */
export async function stopStep(
  { plugin, version }: GenerationKey,
  log: Log,
  part: string,
  work: () => unknown,
  limitMs = disposeMs,
): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`Not done within ${limitMs} ms.`)), limitMs)
  try {
    await Promise.race([work(), late.promise])
  } catch (error) {
    log.error({ err: error, plugin, version, part }, 'a part of the plugin did not stop cleanly')
  } finally {
    clearTimeout(timer)
  }
}
