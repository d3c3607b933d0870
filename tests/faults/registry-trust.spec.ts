import { appendLeaf, emptyFrontier, entryHash, noEntryBefore, verifyLog } from '@dcesop/sdk-plugin/signing'
import { startTestServer } from '@dcesop/embedded-db/testing'
import { MongoClient } from 'mongodb'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'
import { get, headOf, own, publish, wholeLog } from '../support/registry-trust.ts'

interface Entry {
  readonly _id: number
  readonly text: string
}

describe('somebody with the database', () => {
  let registry: RegistryProcess | undefined
  let server: Awaited<ReturnType<typeof startTestServer>>
  let client: MongoClient
  let env: NodeJS.ProcessEnv
  let token: string
  beforeAll(async () => {
    server = await startTestServer()
    client = await MongoClient.connect(server.uri)
    env = { MONGODB_URI: server.uri, DCESOP_REGISTRY_DATABASE: `${server.prefix}trust` }
    registry = await startRegistryProcess({ env })
    token = await registry.token('ana')
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await publish(registry, token, '@ana/lib', version)
  }, 120_000)
  afterAll(async () => {
    await registry?.dispose()
    await client?.close()
    await server?.stop()
  })
  const db = () => client.db(env['DCESOP_REGISTRY_DATABASE'])

  it('cannot change an entry of the log unseen', async () => {
    const running = registry as RegistryProcess
    const head = await headOf(running)
    await expect(verifyLog(await wholeLog(running, token), [head])).resolves.toMatchObject({ size: head.size })
    const log = db().collection<Entry>('log')
    const entry = (await log.findOne({ _id: 2 })) as unknown as Entry
    await log.updateOne({ _id: 2 }, { $set: { text: entry.text.replace('"ana"', '"eve"') } })
    await expect(verifyLog(await wholeLog(running, token), [head])).rejects.toMatchObject({ code: 'log_altered' })
    await log.updateOne({ _id: 2 }, { $set: { text: entry.text } })
    await expect(verifyLog(await wholeLog(running, token), [head])).resolves.toMatchObject({ size: head.size })
  })

  it('gets no signature for a log that was rewritten as a whole, nor a start', async () => {
    const running = registry as RegistryProcess
    await headOf(running)
    await rewrite()
    const refused = await get<{ code: string }>(running, `${own}/snapshot`)
    expect([refused.status, refused.body.code]).toEqual([503, 'log_altered'])
    expect((await get(running, `${own}/log/head`)).status).toBe(503)
    const { dir } = running
    await running.stop()
    await expect(startRegistryProcess({ dir, env })).rejects.toThrow('does not continue')
  }, 120_000)

  /** A whole other history, with a chain, tree and head that fit. */
  async function rewrite(): Promise<void> {
    const entries = await db().collection<Entry>('log').find().sort({ _id: 1 }).toArray()
    let prev = noEntryBefore
    let frontier = emptyFrontier
    for (const { _id, text } of entries) {
      const other = text.replace('"ana"', '"eve"').replace(/"prev":"[0-9a-f]+"/, `"prev":"${prev}"`)
      const leaf = entryHash(other)
      prev = leaf.toString('hex')
      await db()
        .collection<Entry>('log')
        .updateOne({ _id }, { $set: { text: other } })
      const grown = appendLeaf(frontier, leaf)
      frontier = grown.frontier
      for (const { level, index, hash } of grown.nodes)
        await db()
          .collection<{ _id: string; hash: string }>('log_nodes')
          .updateOne({ _id: `${level}:${index}` }, { $set: { hash: hash.toString('hex') } })
    }
    const peaks = frontier.peaks.map((peak) => peak.toString('hex'))
    await db()
      .collection<{ _id: string }>('trust_state')
      .updateOne({ _id: 'log' }, { $set: { peaks, last: prev } })
  }
})
