import { type FSWatcher, readdirSync, watch } from 'node:fs'
import path from 'node:path'

/** What is built or installed there, and what editors and tools keep for themselves. */
const ignored = /^(?:node_modules|dist|\..*)$/

/**
 * Tells of each change below a folder. Each folder has a watch of its own: the recursive one follows files on Linux, and hears no more
 * of one in whose place an editor put another.
 * @returns what ends it
 */
export function watchFolders(root: string, changed: () => void, failed: (error: Error) => void): () => void {
  const watchers = new Map<string, FSWatcher>()

  function follow(folder: string): void {
    const watcher = watch(folder, (event, name) => {
      if (name === null || ignored.test(name)) return
      if (event === 'rename') again(path.join(folder, name))
      changed()
    })
    // On Windows a folder that is deleted ends so; that it is gone is told by the one around it.
    watcher.on('error', (error) => (folder === root ? failed(error) : leave(folder)))
    watchers.set(folder, watcher)
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory() && !ignored.test(entry.name)) follow(path.join(folder, entry.name))
  }

  /** Something came, went, or took the place of something else. */
  function again(place: string): void {
    leave(place)
    try {
      readdirSync(place)
      follow(place)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT' && code !== 'ENOTDIR') failed(error as Error)
    }
  }

  function leave(place: string): void {
    for (const [folder, watcher] of watchers)
      if (folder === place || folder.startsWith(place + path.sep)) {
        watcher.close()
        watchers.delete(folder)
      }
  }

  follow(root)
  return () => leave(root)
}
