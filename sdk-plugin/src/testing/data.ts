import { randomBytes } from 'node:crypto'
import type { DataPort } from '../backend/data.ts'
import { scopedData } from '../host/index.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { createDatabaseFaults, type DatabaseFaults } from './database-faults.ts'
import { openTestDatabase, type TestDatabaseSource } from './database.ts'

/** The host's own data port on databases that nobody else uses. */
export interface TestData {
  readonly port: DataPort
  readonly faults: DatabaseFaults
  /** Resolves when the indexes of every model exist. */
  ready(): Promise<void>
  /** Drops the databases and disconnects; stops the server if it was started for this host. */
  dispose(): Promise<void>
}

export async function createTestData(
  source: TestDatabaseSource,
  manifest: PluginManifest,
  regions: readonly string[],
): Promise<TestData> {
  // Most plugins keep no data, and it takes as long to load as all else of a test host.
  const { default: mongoose } = await import('mongoose')
  const server = await openTestDatabase(source)
  const name = `test_${randomBytes(6).toString('hex')}`
  const options = { autoIndex: false, autoCreate: false, appName: name }
  const core = await mongoose.createConnection(server.uri, options).asPromise()
  const region = (id: string) => core.useDb(`${name}_${id}`, { useCache: true })
  const scoped = scopedData({ core, regions, region }, manifest)
  const faults = createDatabaseFaults(core, name)
  return {
    port: scoped.port,
    faults,
    ready: () => scoped.indexesReady(),
    async dispose() {
      await faults.restore()
      scoped.dispose()
      for (const id of regions) await region(id).dropDatabase()
      await core.close()
      await server.stop()
    },
  }
}

/** For plugins that keep no data: any use says what is missing. */
export function withoutData(regions: readonly string[]): DataPort {
  return {
    regions,
    region() {
      throw new Error('This test host has no database: say where one is with the option `database`.')
    },
  }
}
