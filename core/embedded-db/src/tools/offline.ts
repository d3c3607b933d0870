import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '../engine/engine.ts'
import { openEngine } from '../engine/open.ts'
import type { DataFolder } from '../store/data-folder.ts'
import { openDataFolder } from '../store/data-folder.ts'
import { DATA_FILE } from '../store/format.ts'

/** Opens the folder of a stopped database. @throws Error when it is in use or holds none */
export function openExisting(path: string): DataFolder {
  if (!existsSync(join(path, DATA_FILE))) throw new Error(`${path} holds no database`)
  return openDataFolder(path)
}

/** Runs `work` on a stopped database's folder. @throws Error when it is in use, or holds no database and `create` is not set */
export async function withEngine<T>(
  path: string,
  work: (engine: Engine, folder: DataFolder) => Promise<T>,
  { create = false } = {},
): Promise<T> {
  const folder = create ? openDataFolder(path) : openExisting(path)
  const { engine, close } = openEngine(folder, 'commit')
  try {
    return await work(engine, folder)
  } finally {
    // A folder that a crash left stays marked for its check; only --check and the next start's own check clear that.
    await close({ clean: !folder.unclean })
  }
}
