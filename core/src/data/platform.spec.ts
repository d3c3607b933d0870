import { startTestServer } from '@dcesop/embedded-db/testing'
import { MongoPlatform } from './platform.ts'

it('notices a server that hangs within twenty seconds', async () => {
  const server = await startTestServer()
  const { uri, prefix } = server
  const platform = await MongoPlatform.connect({ uri, prefix, regions: ['br'] })
  const { heartbeatFrequencyMS, connectTimeoutMS } = platform.core.getClient().options
  // The specification of server monitoring: a server is away that says nothing for both together.
  expect(heartbeatFrequencyMS + connectTimeoutMS).toBeLessThanOrEqual(20_000)
  await platform.close()
  await server.stop()
})
