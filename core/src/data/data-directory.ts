import type { Disposable } from '@dcesop/sdk-plugin'
import { lockFolder, makeFolder } from '@dcesop/sdk-plugin/host'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartRefused } from '../config/start-refused.ts'

/**
 * Makes the data folder, writes a byte into it (what cannot be written later is told now), and keeps it for this process: two hosts
 * in one folder would overwrite each other's state.
 * @throws StartRefused
 */
export async function claimDataDirectory(directory: string): Promise<Disposable> {
  const trial = join(directory, `.trial-${process.pid}`)
  try {
    makeFolder(directory)
    writeFileSync(trial, '.')
    rmSync(trial)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new StartRefused(
      `The data folder ${directory} cannot be written (${code ?? message}): make room there, or set DCESOP_DATA_DIR to a folder that this user may write.`,
    )
  }
  const lock = await lockFolder(directory)
  if (lock) return lock
  throw new StartRefused(
    `The data folder ${directory} is in use by another host: stop it, or set DCESOP_DATA_DIR to a folder of its own.`,
  )
}
