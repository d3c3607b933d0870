import type { MongoClient } from 'mongodb'
import type { DataPort, RegionData } from '@dcesop/sdk-plugin'
import { openStores, type Stores } from '../stores.ts'

/** The stores of a bench's region, opened beside the plugin; `region` is that of the bench's database. */
export async function storesBeside(client: MongoClient, region: string): Promise<Stores> {
  const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true })
  const name = databases.find((database) => database.name.endsWith(`_${region}`))?.name
  if (name === undefined) throw new Error(`There is no database of region ${region}.`)
  const database = client.db(name)
  const port: Pick<RegionData, 'collection' | 'transaction'> = {
    collection: ((collection: string) => database.collection(collection)) as unknown as RegionData['collection'],
    transaction: (work) => client.withSession((session) => session.withTransaction(() => work(session))),
  }
  return openStores({ regions: [region], region: () => port } as unknown as DataPort, region)
}
