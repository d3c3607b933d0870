import { notFound, type RegionId } from '@dcesop/sdk-plugin'
import type { Document, MongoClient, MongoClientOptions } from 'mongodb'
import mongoose, { type Connection } from 'mongoose'
import type { DataPlatform, ReadinessProbe } from '../ports.ts'
import { answeredSoon } from './core-db.ts'

export interface MongoPlatformOptions {
  readonly uri: string
  readonly regions: readonly RegionId[]
  /** Databases are `<prefix>core` and `<prefix><region>`. */
  readonly prefix: string
  /** As the server sees it; `dcesop-core` when left out. */
  readonly appName?: string
  /** Connections at most; 50 when left out. */
  readonly poolSize?: number
}

/**
 * One client, one database for the platform and one for each region. Writes wait for the majority's journal; indexes are built
 * by whoever declares them, never behind a request.
 */
export class MongoPlatform implements DataPlatform {
  readonly core: Connection
  readonly regions: readonly RegionId[]
  readonly #byRegion: ReadonlyMap<RegionId, Connection>
  /** For questions about the server itself: behind thousands that wait for a connection, a server that is well would look away. */
  readonly #aside: MongoClient

  private constructor(core: Connection, byRegion: ReadonlyMap<RegionId, Connection>, aside: MongoClient) {
    this.core = core
    this.#aside = aside
    this.#byRegion = byRegion
    this.regions = [...byRegion.keys()]
  }

  /** Resolves when the primary answered. @throws the driver's error after 15 s without a server */
  static async connect(options: MongoPlatformOptions): Promise<MongoPlatform> {
    const { uri, regions, prefix, appName = 'dcesop-core', poolSize = 50 } = options
    const waits: MongoClientOptions = {
      appName,
      serverSelectionTimeoutMS: 15_000,
      // With the ten seconds between two signs of life: what hangs is known after twenty, and nobody waits for it any more.
      connectTimeoutMS: 10_000,
      socketTimeoutMS: 60_000,
    }
    const core = await mongoose
      .createConnection(uri, {
        ...waits,
        dbName: `${prefix}core`,
        autoIndex: false,
        autoCreate: false,
        maxPoolSize: poolSize,
        writeConcern: { w: 'majority', journal: true },
        readConcern: { level: 'majority' },
        retryReads: true,
        retryWrites: true,
      })
      .asPromise()
    const byRegion = new Map(regions.map((id) => [id, strict(core.useDb(`${prefix}${id}`, { useCache: true }))]))
    return new MongoPlatform(strict(core), byRegion, new mongoose.mongo.MongoClient(uri, { ...waits, maxPoolSize: 2 }))
  }

  region(id: RegionId): Connection {
    const connection = this.#byRegion.get(id)
    if (!connection) throw notFound()
    return connection
  }

  async close(): Promise<void> {
    await Promise.all([this.core.close(), this.#aside.close()])
  }

  /** Ready while the primary answers within 2 s. */
  readiness(engine: 'embedded' | 'mongodb'): ReadinessProbe {
    return {
      name: 'data',
      check: async () => {
        const command = engine === 'embedded' ? { serverStatus: 1 } : { ping: 1 }
        const reply: Document = await this.#aside
          .db('admin')
          .command(command, answeredSoon(2000))
          .catch(() => ({ ok: 0 }))
        return { ready: reply['ok'] === 1, detail: { engine, regions: this.regions, ...dataFileOf(reply) } }
      },
    }
  }
}

/** How near the embedded database is to the size it is meant for; nothing from a MongoDB. */
function dataFileOf({ embedded }: Document): { dataFile?: string } {
  return embedded === undefined ? {} : { dataFile: (embedded as { dataFile: { state: string } }).dataFile.state }
}

/** A filter that names an unknown path is a mistake to be seen, not a filter that matches everything. */
function strict(connection: Connection): Connection {
  connection.set('strictQuery', 'throw')
  connection.set('autoIndex', false)
  connection.set('autoCreate', false)
  return connection
}
