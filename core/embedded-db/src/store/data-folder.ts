import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Grows when the stored form changes in a way that older code cannot read. */
export const FORMAT_VERSION = 1

export interface DataFolder {
  path: string
  /** Gives up the lock, and removes the folder when it was temporary. */
  release(): void
}

/** The start time of a process, which tells it from a later one with its number; undefined when there is none or no way to know. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

function isAlive(owner: { pid: number; started: string | undefined }): boolean {
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return owner.started === undefined || owner.started === startTime(owner.pid)
}

function takeLock(file: string, attempts = 5): void {
  const mine = JSON.stringify({ pid: process.pid, started: startTime(process.pid) })
  for (let attempt = 0; ; attempt++) {
    try {
      const handle = openSync(file, 'wx', 0o600)
      writeSync(handle, mine)
      closeSync(handle)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt >= attempts) throw error
    }
    const owner = readOwner(file)
    if (owner && isAlive(owner))
      throw new Error(
        `the data folder is in use by process ${owner.pid}; stop it or choose another folder (lock: ${file})`,
      )
    rmSync(file, { force: true })
  }
}

function readOwner(file: string): { pid: number; started: string | undefined } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { pid: number; started: string | undefined }
  } catch {
    return undefined
  }
}

function checkFormat(folder: string): void {
  const file = join(folder, 'FORMAT')
  if (!existsSync(file)) {
    writeFileSync(file, `${FORMAT_VERSION}\n`, { mode: 0o600 })
    return
  }
  const version = Number(readFileSync(file, 'utf8').trim())
  if (version !== FORMAT_VERSION)
    throw new Error(
      `the data folder ${folder} has format ${version} and this version reads format ${FORMAT_VERSION}; export it with the version that wrote it`,
    )
}

/** Opens a data folder for this process alone: creates it, takes its lock, checks its format. */
export function openDataFolder(path: string): DataFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const lock = join(path, 'LOCK')
  takeLock(lock)
  try {
    checkFormat(path)
  } catch (error) {
    rmSync(lock, { force: true })
    throw error
  }
  return { path, release: () => rmSync(lock, { force: true }) }
}

/** A folder that is removed when it is released. */
export function openTemporaryFolder(): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'embedded-db-'))
  return { path, release: () => rmSync(path, { recursive: true, force: true }) }
}
