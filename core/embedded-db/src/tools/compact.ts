import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { clearOrphans } from '../engine/definitions.ts'
import { Engine } from '../engine/engine.ts'
import { FIRST_TABLE } from '../engine/keyspace.ts'
import { openEngine } from '../engine/open.ts'
import { problemsOf, verifyStore } from '../engine/verify-store.ts'
import { COPIES, syncFolder } from '../store/data-folder.ts'
import type { DataFolder } from '../store/data-folder.ts'
import { DATA_FILE } from '../store/format.ts'
import { LmdbStore } from '../store/lmdb-store.ts'
import { openExisting } from './offline.ts'

export interface Compacted {
  before: number
  after: number
}

/**
 * Gives back the room of what was deleted: copies what is in use into a new file, checks the copy whole, and puts it in
 * place of the old one in one step. The old file stays as it is when anything fails.
 */
export async function compact(path: string): Promise<Compacted> {
  const folder = openExisting(path)
  if (folder.readOnly) throw new Error(`${path} is read-only`)
  const copies = join(path, COPIES)
  try {
    mkdirSync(copies, { mode: 0o700 })
    await copyTo(folder, copies)
    await checkCopy(copies)
    const before = statSync(join(path, DATA_FILE)).size
    const after = statSync(join(copies, DATA_FILE)).size
    renameSync(join(copies, DATA_FILE), join(path, DATA_FILE))
    folder.markClean()
    return { before, after }
  } finally {
    rmSync(copies, { recursive: true, force: true })
    folder.release()
  }
}

async function copyTo(folder: DataFolder, target: string): Promise<void> {
  const keepLock = { ...folder, release: () => undefined }
  const { engine, close } = openEngine(keepLock, 'commit')
  try {
    await clearOrphans(engine, FIRST_TABLE)
    await engine.store.copyTo(target)
  } finally {
    await close({ clean: !folder.unclean })
  }
  const copy = openSync(join(target, DATA_FILE), 'r+')
  fsyncSync(copy)
  closeSync(copy)
  syncFolder(target)
}

/** @throws Error when the copy is not whole, which says that the original is not either */
async function checkCopy(folder: string): Promise<void> {
  const store = new LmdbStore(folder, 'none', true)
  try {
    const problems = problemsOf(await verifyStore(new Engine(store)))
    if (problems.length > 0) throw new Error(`the data is damaged, so nothing was changed:\n  ${problems.join('\n  ')}`)
  } finally {
    await store.close()
  }
}
