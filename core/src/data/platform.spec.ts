import { startTestServer } from '@dcesop/embedded-db/testing'
import { MongoPlatform } from './platform.ts'

let server: Awaited<ReturnType<typeof startTestServer>>
const connected: MongoPlatform[] = []

async function connect(): Promise<MongoPlatform> {
  const { uri, prefix } = server
  const platform = await MongoPlatform.connect({ uri, prefix, regions: ['br'], poolSize: 1 })
  connected.push(platform)
  return platform
}

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(async () => {
  for (const platform of connected) await platform.close()
  await server.stop()
})

it('notices a server that hangs within twenty seconds', async () => {
  const platform = await connect()
  const { heartbeatFrequencyMS, connectTimeoutMS } = platform.core.getClient().options
  // The specification of server monitoring: a server is away that says nothing for both together.
  expect(heartbeatFrequencyMS + connectTimeoutMS).toBeLessThanOrEqual(20_000)
})

it('finds a server ready that is, however many wait for a connection', async () => {
  const platform = await connect()
  const waited = platform.core.collection('waited')
  const changes = waited.watch([], { maxAwaitTimeMS: 60_000 })
  const change = changes.next()
  await waited.findOne()
  // From here on the only connection waits for a change.
  const waits = waited.findOne()
  expect((await platform.readiness('embedded').check()).ready).toBe(true)
  await (await connect()).core.collection('waited').insertOne({})
  await Promise.all([change, waits])
  await changes.close()
})
