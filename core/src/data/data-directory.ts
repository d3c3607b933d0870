import type { Disposable } from '@dcesop/sdk-plugin'
import { claimFolder, StartRefused } from '@dcesop/sdk-plugin/host'

/** Takes the data folder for this host, until disposed. @throws StartRefused */
export function claimDataDirectory(directory: string): Promise<Disposable> {
  return claimFolder(
    directory,
    (what) =>
      new StartRefused(
        `The data folder ${directory} ${what}: make room there, stop what uses it, or set DCESOP_DATA_DIR to a folder that this user may write.`,
      ),
  )
}
