import { accessSync, closeSync, constants, existsSync, fsyncSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockFolder, writeWhole } from './folder-lock.ts'
import { checkFormat, DATA_FILE } from './format.ts'
import { makeFolder } from './make-folder.ts'

export { FORMAT_VERSION } from './format.ts'

export interface DataFolder {
  path: string
  /** Nothing in it can be changed: a read-only disk, or rights that are missing. */
  readOnly: boolean
  /** It has data, and whoever had it open last did not close it. */
  unclean: boolean
  /** Says that its files are closed whole, for the next start. */
  markClean(): void
  /** Gives up the lock, and removes the folder when it was temporary. */
  release(): void
}

/** Where a compaction makes its copy. */
export const COPIES = 'compact.tmp'

const nothing = (): void => undefined

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    const data = join(folder, DATA_FILE)
    if (existsSync(data)) accessSync(data, constants.W_OK)
    return true
  } catch (error) {
    if (['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

/** Makes what was added to and removed from a folder survive power loss. Windows offers no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Opens a data folder for this process alone: creates it, takes its lock, checks its format. A folder that cannot be
 * written is opened for reading, without a lock, since nobody can write it.
 */
export function openDataFolder(path: string): DataFolder {
  makeFolder(path)
  if (!isWritable(path)) {
    checkFormat(path, true)
    return { path, readOnly: true, unclean: false, markClean: nothing, release: nothing }
  }
  const lock = lockFolder(path)
  try {
    checkFormat(path, false)
    const clean = join(path, 'CLEAN')
    const unclean = existsSync(join(path, DATA_FILE)) && !existsSync(clean)
    rmSync(clean, { force: true })
    // What a compaction that was killed has left.
    rmSync(join(path, COPIES), { recursive: true, force: true })
    syncFolder(path)
    return {
      path,
      readOnly: false,
      unclean,
      markClean: () => {
        writeWhole(clean, '')
        syncFolder(path)
      },
      release: lock.release,
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** A folder that is removed when it is released. */
export function openTemporaryFolder(): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'embedded-db-'))
  return {
    path,
    readOnly: false,
    unclean: false,
    markClean: nothing,
    release: () => rmSync(path, { recursive: true, force: true }),
  }
}
