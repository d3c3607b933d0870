import { Server } from './commands/server.ts'
import { clearOrphans } from './engine/definitions.ts'
import { Engine } from './engine/engine.ts'
import { FIRST_TABLE } from './engine/keyspace.ts'
import { startMaintenance } from './commands/maintenance.ts'
import { openDataFolder, openTemporaryFolder } from './store/data-folder.ts'
import { LmdbStore } from './store/lmdb-store.ts'
import type { Durability } from './store/lmdb-store.ts'
import { listen } from './wire/listener.ts'
import type { Address } from './wire/listener.ts'

export type { Durability } from './store/lmdb-store.ts'

export interface EmbeddedOptions extends Address {
  /** The data folder; created when missing, locked against a second process. */
  path?: string
  /** Keep everything in a temporary folder that is removed on stop. */
  memory?: boolean
  /**
   * When a write is answered. `none`: never flushed, for tests (the default with `memory`); `commit`: after the commit,
   * which survives a crash of this process, a flush follows (the default); `flush`: after the flush, which survives power loss.
   */
  durability?: Durability
}

export interface EmbeddedDatabase {
  /** The connection string for any MongoDB driver. */
  uri: string
  /** Closes connections, ends transactions, flushes and closes the store. */
  stop(): Promise<void>
}

/**
 * Starts the embedded database in this process.
 * @throws Error when the folder is in use, has another format, or the address is not local or taken
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  if ((options.path === undefined) === (options.memory !== true))
    throw new Error('startEmbedded needs either a path or memory: true')
  const folder = options.path === undefined ? openTemporaryFolder() : openDataFolder(options.path)
  const store = openStore(folder.path, options.memory === true ? 'none' : (options.durability ?? 'commit'), () =>
    folder.release(),
  )
  const engine = new Engine(store)
  await clearOrphans(engine, FIRST_TABLE)
  const server = new Server(engine)
  const close = async (): Promise<void> => {
    await store.close()
    folder.release()
  }
  const listener = await listen(server, options).catch(async (error: unknown) => {
    await close()
    throw error
  })
  const maintenance = startMaintenance(server)
  let stopped: Promise<void> | undefined
  return {
    uri: listener.uri,
    stop: () =>
      (stopped ??= (async () => {
        maintenance.dispose()
        server.stop()
        await listener.close()
        await engine.idle()
        await close()
      })()),
  }
}

function openStore(path: string, durability: Durability, release: () => void): LmdbStore {
  try {
    return new LmdbStore(path, durability)
  } catch (error) {
    release()
    throw error
  }
}
