import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { MongoClient } from 'mongodb'
import { driverBackend } from '../../core/embedded-db/src/testing/model/driver-backend.ts'
import { operations } from '../../core/embedded-db/src/testing/model/operations.ts'
import { FreshNames } from '../../core/embedded-db/src/testing/model/fresh-names.ts'
import { replay } from '../../core/embedded-db/src/testing/model/replay.ts'
import { dropDatabases } from '../../core/embedded-db/src/testing/server.ts'
import { endDatabases, startDatabase } from '../support/database-process.ts'

const times = Number(process.env.DATABASE_FUZZ_TIMES ?? 1)
const seed = Number(process.env.DATABASE_SEED ?? 20_260_101)

// With MONGODB_URI the model is held against a MongoDB, which tells whether the model itself is right.
describe('command sequences through the driver', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'database-model-'))
  const prefix = `model_${process.pid}_`
  let uri: string
  let client: MongoClient

  beforeAll(async () => {
    uri = String(process.env.MONGODB_URI ?? (await startDatabase({ dir }))?.uri)
    client = await new MongoClient(uri).connect()
  })

  afterAll(async () => {
    await client.close()
    await dropDatabases(uri, prefix)
    await endDatabases()
    rmSync(dir, { recursive: true, force: true })
  })

  it(
    'come to what a plain model of the manual comes to, from a process of its own',
    async () => {
      const names = new FreshNames(prefix)
      await fc.assert(
        fc.asyncProperty(fc.array(operations, { maxLength: 14 }), async (sequence) => {
          const backend = driverBackend(client)
          await replay(sequence, backend, await names.next(backend))
          await backend.close()
        }),
        { seed, numRuns: Math.ceil(60 * times) },
      )
    },
    120_000 * Math.max(1, times),
  )
})
