import mongoose, { type Connection, type Model, type Schema } from 'mongoose'
import { notFound } from '../backend/problem.ts'
import type { DataPort, RegionData } from '../backend/data.ts'

/** A real data port on any server that speaks MongoDB's wire protocol; each host has databases of its own. */
export interface TestData {
  readonly port: DataPort
  /** Resolves when the indexes of every model exist. */
  ready(): Promise<void>
  /** Drops the databases and disconnects. */
  dispose(): Promise<void>
}

export async function createTestData(uri: string, pluginId: string, regions: readonly string[]): Promise<TestData> {
  const prefix = `${pluginId.replaceAll('-', '_')}_`
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`
  const connection = await mongoose.createConnection(uri).asPromise()
  const databases = new Map(
    regions.map((region) => [region, connection.useDb(`${name}_${region}`, { useCache: true })]),
  )
  return {
    port: {
      regions,
      region(id) {
        const database = databases.get(id)
        if (!database) throw notFound()
        return regionData(database, id, prefix)
      },
    },
    async ready() {
      const models = [...databases.values()].flatMap((database) => Object.values(database.models))
      await Promise.all(models.map((model) => model.init()))
    },
    async dispose() {
      for (const database of databases.values()) await database.dropDatabase()
      await connection.close()
    },
  }
}

function regionData(database: Connection, region: string, prefix: string): RegionData {
  const own = (name: string) => {
    if (!name.startsWith(prefix)) throw new Error(`Collection "${name}" does not start with "${prefix}".`)
    return name
  }
  return {
    region,
    model: <T>(name: string, schema: Schema<T>): Model<T> =>
      (database.models[own(name)] as Model<T> | undefined) ?? database.model<T>(name, schema, name),
    collection: (name) => database.getClient().db(database.name).collection(own(name)),
    transaction: (work) => database.getClient().withSession((session) => session.withTransaction(() => work(session))),
  }
}
