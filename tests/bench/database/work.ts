// One worker of the database bench: a driver of its own, so that several can use more than one core.
import { parentPort, workerData } from 'node:worker_threads'
import type { ClientSession, Collection, Document } from 'mongodb'
import { MongoClient } from 'mongodb'
import { auditEntry, customer, idOf, phoneOf, REGIONS } from './documents.ts'

/** What a worker is asked to do. */
export interface Job {
  row: RowName
  /** Loops that wait for one answer after the other. */
  concurrency: number
  seconds: number
  /** At least and at most so many operations in each loop, whatever the time. */
  operations?: number
}

export interface Outcome {
  operations: number
  seconds: number
  /** Milliseconds of each operation. */
  latencies: number[]
}

export interface WorkerSetup {
  uri: string
  documents: number
  /** Keeps the numbers of what this worker inserts apart from others'. */
  offset: number
  connections: number
}

const { uri, documents, offset, connections } = workerData as WorkerSetup
const client = new MongoClient(uri, { maxPoolSize: connections, minPoolSize: connections })
const database = client.db('bench')
const customers = database.collection('customers')
let next = offset

const anyOf = (count: number): number => Math.floor(Math.random() * count)
const fresh = (count: number, make: (index: number) => Document): Document[] =>
  Array.from({ length: count }, () => make(next++))

async function drain(collection: Collection, filter: Document): Promise<number> {
  let count = 0
  for await (const document of collection.find(filter)) count += document ? 1 : 0
  return count
}

async function transact(session: ClientSession): Promise<void> {
  session.startTransaction()
  const made = customer(next++)
  await database.collection('inserted').insertOne(made, { session })
  await customers.updateOne({ _id: idOf(anyOf(documents)) }, { $inc: { visits: 1 } }, { session })
  await session.commitTransaction()
}

/** Each row's operation; it answers how many units it did. */
const rows = {
  insertMany: async () => (await database.collection('inserted').insertMany(fresh(1000, customer))).insertedCount,
  insertOne: async () => void (await database.collection('inserted').insertOne(customer(next++))),
  audit: async () => void (await database.collection('audit').insertMany(fresh(4, auditEntry))),
  findById: () => customers.findOne({ _id: idOf(anyOf(documents)) }),
  findByPhone: () => customers.findOne({ phone: phoneOf(anyOf(documents)) }),
  findSorted: () =>
    customers
      .find({ region: `r${anyOf(REGIONS)}` })
      .sort({ createdAt: -1 })
      .limit(20)
      .toArray(),
  updateById: () => customers.updateOne({ _id: idOf(anyOf(documents)) }, { $inc: { visits: 1 } }),
  bulkWrite: () =>
    customers.bulkWrite(
      Array.from({ length: 10 }, () => ({
        updateOne: { filter: { _id: idOf(anyOf(documents)) }, update: { $inc: { visits: 1 } } },
      })),
    ),
  transaction: () => client.withSession((session) => transact(session)),
  group: () =>
    customers.aggregate([{ $group: { _id: '$region', count: { $sum: 1 }, balance: { $avg: '$balance' } } }]).toArray(),
  scan: () => drain(customers, { notes: 'nobody wrote this' }),
  sort: () => customers.find().sort({ email: -1 }).limit(10).toArray(),
  toArray: () => customers.find().toArray(),
  countAll: () => customers.countDocuments(),
  countSome: () => customers.countDocuments({ status: 'suspended', visits: { $lt: 50 } }),
  build: async () => {
    await customers.createIndex({ email: 1 })
    await customers.dropIndex('email_1')
  },
} satisfies Record<string, () => Promise<unknown>>

export type RowName = keyof typeof rows

async function run({ row, concurrency, seconds, operations = Number.POSITIVE_INFINITY }: Job): Promise<Outcome> {
  const latencies: number[] = []
  let done = 0
  const start = performance.now()
  const until = start + seconds * 1000
  const loop = async (): Promise<void> => {
    for (let i = 0; i < operations && (performance.now() < until || i === 0); i++) {
      const before = performance.now()
      const units = await rows[row]()
      latencies.push(performance.now() - before)
      done += row === 'insertMany' ? Number(units) : 1
    }
  }
  await Promise.all(Array.from({ length: concurrency }, loop))
  return { operations: done, seconds: (performance.now() - start) / 1000, latencies }
}

await client.connect()
parentPort?.on('message', (job: Job | 'end') => {
  if (job === 'end') void client.close().then(() => parentPort?.close())
  else void run(job).then((outcome) => parentPort?.postMessage(outcome))
})
parentPort?.postMessage('ready')
