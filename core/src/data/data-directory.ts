import { makeFolder } from '@dcesop/sdk-plugin/host'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartRefused } from '../config/start-refused.ts'

/** Makes the data folder and writes a byte into it: what cannot be written later is told now. @throws StartRefused */
export function claimDataDirectory(directory: string): void {
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
}
