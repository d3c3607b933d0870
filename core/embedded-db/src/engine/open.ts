import type { DataFolder } from '../store/data-folder.ts'
import { LmdbStore } from '../store/lmdb-store.ts'
import type { Durability } from '../store/lmdb-store.ts'
import { Engine } from './engine.ts'

export interface OpenEngine {
  engine: Engine
  /** Flushes and closes the store, and gives the folder back. */
  close(): Promise<void>
}

/** Opens the engine on a folder that is ours. @throws Error, with the folder released, when its store cannot be read */
export function openEngine(folder: DataFolder, durability: Durability): OpenEngine {
  let store: LmdbStore | undefined
  try {
    store = new LmdbStore(folder.path, durability, folder.readOnly)
    const opened = store
    return {
      engine: new Engine(opened),
      close: async () => {
        try {
          await opened.close()
          folder.markClean()
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
