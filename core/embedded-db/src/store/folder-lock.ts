import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface FolderLock {
  release(): void
}

/** Keeps what holds a lock from being collected as garbage, which would end it. */
const held = new Set<DatabaseSync>()

/** Writes a small file so that it is there whole or not at all, also after power loss. */
export function writeWhole(file: string, text: string): void {
  const temporary = `${file}.new`
  const handle = openSync(temporary, 'w', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(temporary, file)
}

/**
 * Locks a folder for this process. The lock is the operating system's, on a SQLite file: it ends with the process however
 * that dies, so nothing can be stale and no process number can mislead. LOCK only names the owner for people.
 * @throws Error when another process has it
 */
export function lockFolder(folder: string): FolderLock {
  const owner = join(folder, 'LOCK')
  const guard = new DatabaseSync(join(folder, 'LOCK.guard'), { timeout: 0 })
  try {
    guard.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    guard.close()
    const { errcode } = error as { errcode?: number }
    if (errcode !== 5) throw new Error(`the data folder ${folder} cannot be locked: ${String(error)}`, { cause: error })
    throw new Error(
      `the data folder ${folder} is in use by process ${ownerOf(owner)}; stop that process or choose another folder`,
      { cause: error },
    )
  }
  held.add(guard)
  const release = (): void => {
    if (!held.delete(guard)) return
    rmSync(owner, { force: true })
    guard.close()
  }
  try {
    writeWhole(owner, `${process.pid}\n`)
  } catch (error) {
    // A full disk can still be read; only the name in a later message is lost.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') {
      release()
      throw error
    }
  }
  return { release }
}

function ownerOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return '(unknown)'
  }
}
