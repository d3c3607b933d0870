import type { DataFolder } from '../store/data-folder.ts'
import { LmdbStore } from '../store/lmdb-store.ts'
import type { Durability } from '../store/lmdb-store.ts'
import { Engine } from './engine.ts'

export interface OpenEngine {
  engine: Engine
  /** Flushes and closes the store, and gives the folder back; `clean` says that nothing in it is left to be checked. */
  close(state?: { clean: boolean }): Promise<void>
}

/** Opens the engine on a folder that is ours. @throws Error, with the folder released, when its store cannot be read */
export function openEngine(folder: DataFolder, durability: Durability): OpenEngine {
  let store: LmdbStore | undefined
  try {
    store = new LmdbStore(folder.path, durability, folder.readOnly)
    const opened = store
    return {
      engine: new Engine(opened),
      close: async ({ clean } = { clean: true }) => {
        try {
          await opened.close()
          if (clean) folder.markClean()
        } finally {
          folder.release()
        }
      },
    }
  } catch (error) {
    void store?.close()
    folder.release()
    throw error
  }
}
