import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { type DatabaseProcess, endDatabases, startDatabase } from '../support/database-process.ts'
import { freePort } from '../support/product.ts'
import { randomFrom } from '../support/random.ts'
import { checkChanges, checkIndexes, checkStored } from './database-kill/check.ts'
import { prepare, Told, WRITERS } from './database-kill/told.ts'
import { Watcher } from './database-kill/watcher.ts'
import { Writer } from './database-kill/writer.ts'

// `DATABASE_KILLS=200 npx jest tests/faults/database-kill` is the long form; the moments come from DATABASE_SEED.
const kills = Number(process.env.DATABASE_KILLS ?? 6)
const seed = Number(process.env.DATABASE_SEED ?? 1)
const LAST = 'the last event'

describe(`kill -9 of the database, ${kills} times under ${WRITERS} writers (DATABASE_SEED=${seed})`, () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'database-kill-'))
  const random = randomFrom(seed)
  const clients: MongoClient[] = []
  let port = 0
  let complaints = ''

  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()))
    await endDatabases()
    rmSync(dir, { recursive: true, force: true })
  }, 120_000)

  async function connect(serverSelectionTimeoutMS = 30_000): Promise<MongoClient> {
    const client = new MongoClient(`mongodb://127.0.0.1:${port}/?replicaSet=rs0`, {
      retryWrites: true,
      heartbeatFrequencyMS: 500,
      serverSelectionTimeoutMS,
    })
    clients.push(client)
    return client.connect()
  }

  /** Starts it again, now and then killing it before it is ready. */
  async function restart(): Promise<DatabaseProcess> {
    for (;;) {
      const durability = (['commit', 'commit', 'flush', 'none'] as const)[Math.floor(random() * 4)] as 'commit'
      const early = random() < 0.1 ? { killAfterMs: 50 + random() * 500 } : {}
      const database = await startDatabase({ dir, port, durability, ...early })
      if (database) return database
    }
  }

  /** After some writes since the start, which any machine gets to in its own time; now and then whatever the writers do. */
  async function moment(told: Told): Promise<void> {
    const enough = told.acknowledged + 1 + Math.floor(random() * 80)
    if (random() < 0.2) await delay(random() * 400)
    else while (told.acknowledged < enough) await delay(5)
  }

  async function end(database: DatabaseProcess, signal: NodeJS.Signals): Promise<number | null> {
    const code = await database.end(signal)
    const usual = /not closed by its last process|all agree$/
    complaints += database
      .problems()
      .split('\n')
      .filter((line) => line !== '' && !usual.test(line))
      .join('\n')
    return code
  }

  it(
    'loses no acknowledged write, applies none twice, tears no transaction, and streams tell each change once',
    async () => {
      port = await freePort()
      let database = await restart()
      const client = await connect()
      const db = client.db('kill')
      await prepare(db)
      const told = new Told()
      const watching = await connect()
      const watchers = [
        new Watcher((options) => watching.db('kill').collection('events').watch([], options)),
        new Watcher((options) => watching.db('kill').watch([], options)),
        new Watcher((options) => watching.watch([], options)),
      ]
      for (const watcher of watchers) await watcher.start()
      let stopped = false
      const reading = Promise.all(watchers.map((watcher) => watcher.until(LAST)))
      const writing = Promise.all(
        Array.from({ length: WRITERS }, (_, id) => new Writer(client, told, id, seed).run(() => stopped)),
      )
      const failed = Promise.all([reading, writing])
      failed.catch(() => (stopped = true))
      for (let kill = 0; kill < kills; kill++) {
        await Promise.race([failed, moment(told)])
        await end(database, 'SIGKILL')
        database = await restart()
      }
      stopped = true
      await writing
      await db.collection<{ _id: string }>('events').insertOne({ _id: LAST })
      await reading
      await db.collection<{ _id: string }>('events').deleteOne({ _id: LAST })

      const stored = await checkStored(db, told)
      await checkIndexes(db)
      const [first, second, third] = watchers.map(({ changes }) => changes.filter(({ id }) => id !== LAST)) as [
        Watcher['changes'],
        Watcher['changes'],
        Watcher['changes'],
      ]
      await checkChanges(db, told, second)
      expect(third).toEqual(second)
      expect(first).toEqual(second.filter(({ collection }) => collection === 'events'))
      process.stdout.write(
        `${kills} kills: ${told.inserted.size} acknowledged inserts, ${told.transfers.size} transactions, ${told.unsure} writes of unknown outcome; ` +
          `${stored.events} events and ${stored.transfers} transfers stored, ${second.length} changes in each stream, ` +
          `opened anew ${watchers.map(({ reopened }) => reopened).join(', ')} times\n`,
      )
      expect(told.inserted.size).toBeGreaterThan(kills * 5)
      expect(told.transfers.size).toBeGreaterThan(kills)
      // One that is still connected; the patient ones would look for half a minute for whom to tell that they close.
      await Promise.all(clients.splice(0).map((one) => one.close()))
      await connect(1000)
      expect(await end(database, 'SIGTERM')).toBe(0)
      expect(complaints).toBe('')
    },
    120_000 + kills * 10_000,
  )
})
