import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const prefix = 'dcesop-run-'

/** A folder for sockets that only this user may enter. Its path is short: the system allows a socket about a hundred characters. */
export function makePrivateFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
}

/** Removes the folders of hosts that were killed; proc(5) tells who lives, and without it nothing is removed. */
export async function sweepPrivateFolders(): Promise<void> {
  if (!existsSync(`/proc/${process.pid}`)) return
  const left = (await readdir(tmpdir())).filter((name) => {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1]
    return pid !== undefined && !existsSync(`/proc/${pid}`)
  })
  // Another user's is that user's to remove.
  await Promise.allSettled(left.map((name) => rm(join(tmpdir(), name), { recursive: true, force: true })))
}
