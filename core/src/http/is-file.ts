import { stat } from 'node:fs/promises'

/** Whether there is a file; there is none under a name that no file can have, too long or with a NUL. */
export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  )
}
