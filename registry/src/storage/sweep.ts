import { type Disposable, type Log, toDisposable } from '@dcesop/sdk-plugin'
import type { Blobs } from './blobs.ts'
import type { Database } from './database.ts'

const dayMs = 24 * 60 * 60 * 1000

/**
 * Removes blobs that no version names: a publish stores the bytes before the version appears, and may die in between.
 * @param graceMs how long a blob may wait for its version
 */
export async function sweepBlobs(blobs: Blobs, database: Database, graceMs = dayMs): Promise<number> {
  let removed = 0
  for await (const digest of blobs.untouchedSince(new Date(Date.now() - graceMs))) {
    if (await database.versions.findOne({ blob: digest }, { projection: { _id: 1 } })) continue
    await blobs.delete(digest)
    removed += 1
  }
  return removed
}

/** Sweeps now and every day until it is disposed. A sweep that fails is tried again with the next one. @param what is removed, for the log */
export async function sweepDaily(what: string, sweep: () => Promise<number>, log: Log): Promise<Disposable> {
  const once = () =>
    sweep().then(
      (removed) => log.info({ removed }, `removed ${what}`),
      (err: unknown) => log.error({ err }, `${what} could not be removed`),
    )
  await once()
  const timer = setInterval(() => void once(), dayMs)
  timer.unref()
  return toDisposable(() => clearInterval(timer))
}
