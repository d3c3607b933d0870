import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { createServer } from 'node:net'
import { type Disposable, toDisposable } from '../backend/disposable.ts'

/**
 * Keeps a folder for one process of the machine, until it is given back or the process ends in whatever way: a name in the kernel's
 * own space of sockets, which no killed process leaves behind as it would a file. Elsewhere than on Linux nothing is kept.
 * @returns undefined when another process, or this one, has the folder
 */
export async function lockFolder(folder: string): Promise<Disposable | undefined> {
  if (process.platform !== 'linux') return toDisposable(() => undefined)
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex')
  const holder = createServer((socket) => socket.destroy())
  const held = await new Promise<boolean>((resolve, reject) => {
    holder.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    )
    holder.listen(`\0dcesop-${name}`, () => resolve(true))
  })
  if (!held) return undefined
  holder.unref()
  return toDisposable(() => new Promise<void>((resolve) => holder.close(() => resolve())))
}
