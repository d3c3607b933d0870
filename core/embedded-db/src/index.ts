import { startMaintenance } from './commands/maintenance.ts'
import { log, Server } from './commands/server.ts'
import { clearOrphans } from './engine/definitions.ts'
import { FIRST_TABLE } from './engine/keyspace.ts'
import { openEngine } from './engine/open.ts'
import { checkAfterCrash, quickProblems } from './engine/recovery.ts'
import { openDataFolder, openTemporaryFolder } from './store/data-folder.ts'
import type { Durability } from './store/lmdb-store.ts'
import { listen } from './wire/listener.ts'
import type { Address, Listener } from './wire/listener.ts'

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
  const durability = options.memory === true ? 'none' : (options.durability ?? 'commit')
  const { engine, close } = openEngine(folder, durability)
  try {
    if (folder.unclean) refuseDamage(folder.path, quickProblems(engine))
    if (!folder.readOnly) await clearOrphans(engine, FIRST_TABLE)
    const server = new Server(engine)
    const listener = await listen(server, options)
    if (folder.unclean) server.recovery = checkAfterCrash(engine, log)
    return running(server, listener, () => close({ clean: !folder.unclean || server.recovery.state === 'verified' }))
  } catch (error) {
    await close({ clean: !folder.unclean })
    throw error
  }
}

function running(server: Server, listener: Listener, close: () => Promise<void>): EmbeddedDatabase {
  const maintenance = startMaintenance(server)
  let stopped: Promise<void> | undefined
  return {
    uri: listener.uri,
    stop: () =>
      (stopped ??= (async () => {
        maintenance.dispose()
        server.stop()
        await server.recovery.stop()
        await listener.close()
        await server.engine.close()
        await close()
      })()),
  }
}

function refuseDamage(path: string, problems: readonly string[]): void {
  if (problems.length === 0) return
  throw new Error(
    `the data folder ${path} is damaged; look at it with --check, export what can be read and restore it:\n  ${problems.join('\n  ')}`,
  )
}
