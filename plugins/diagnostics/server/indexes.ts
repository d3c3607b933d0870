import type { Collection, Document, IndexDescription } from 'mongodb'
import type { Retention } from './config.ts'
import type { Stores } from './stores.ts'

const hour = 3600
const day = 24 * hour
const longestMonth = 31 * day

/**
 * Creates the indexes that the queries of this plugin need. Those that are there already stay; one whose retention was changed in
 * the configuration is made anew.
 */
export async function createIndexes(stores: Stores, retention: Retention): Promise<void> {
  const expiring = (field: string, seconds: number): IndexDescription => ({
    key: { [field]: 1 },
    expireAfterSeconds: seconds,
  })
  await ensure(stores.samples, [
    { key: { serviceId: 1, at: -1 } },
    { key: { ingestedAt: 1 } },
    expiring('at', retention.rawHours * hour),
  ])
  // By their beginning, so that the last value of a bucket, of a month for example, is kept for its time as well.
  await ensure(stores.minutes, [expiring('start', retention.minuteDays * day + hour)])
  await ensure(stores.hours, [expiring('start', retention.hourDays * day + day)])
  await ensure(stores.days, [expiring('start', retention.dayDays * day + longestMonth)])
  await ensure(stores.latest, [{ key: { elementId: 1 } }, { key: { level: 1, site: 1 } }, { key: { at: 1 } }])
  await ensure(stores.focus, [expiring('until', 0)])
  await ensure(stores.issues, [
    { key: { customerId: 1, startedAt: -1 } },
    { key: { serviceId: 1, metric: 1, startedAt: -1 } },
    { key: { endedAt: 1, elementId: 1 } },
    expiring('expireAt', 0),
  ])
  await ensure(stores.incidents, [
    { key: { elementIds: 1, endedAt: 1 } },
    { key: { endedAt: 1, startedAt: -1 } },
    expiring('expireAt', 0),
  ])
  await ensure(stores.diagnoses, [{ key: { customerId: 1, startedAt: -1 } }, expiring('expireAt', 0)])
}

async function ensure<T extends Document>(
  collection: Collection<T>,
  indexes: readonly IndexDescription[],
): Promise<void> {
  for (const { name, key, expireAfterSeconds } of await existing(collection)) {
    const wanted = indexes.find((index) => JSON.stringify(index.key) === JSON.stringify(key))
    if (wanted === undefined || wanted.expireAfterSeconds === expireAfterSeconds) continue
    if (name !== undefined) await collection.dropIndex(name)
  }
  await collection.createIndexes([...indexes])
}

const namespaceNotFound = 26

/** Indexes of the collection; none when there is no such collection yet. */
async function existing<T extends Document>(collection: Collection<T>): Promise<IndexDescription[]> {
  try {
    return (await collection.listIndexes().toArray()) as IndexDescription[]
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === namespaceNotFound) return []
    throw error
  }
}
