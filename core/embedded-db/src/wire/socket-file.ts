import { lstatSync, rmSync } from 'node:fs'
import { connect } from 'node:net'

/** Removes the socket file that a dead process left. @throws Error when the path is another kind of file, or a socket in use */
export async function clearSocketFile(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found) return
  if (!found.isSocket()) throw new Error(`${path} exists and is no socket`)
  if (await isListenedTo(path)) throw new Error(`the socket ${path} is in use by another process`)
  rmSync(path)
}

function isListenedTo(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
}
