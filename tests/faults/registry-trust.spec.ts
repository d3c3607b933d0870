import { createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { startTestServer } from '@dcesop/embedded-db/testing'
import {
  appendLeaf,
  checkPackageSignature,
  emptyFrontier,
  type Envelope,
  entryHash,
  type LogHead,
  keyIdOf,
  noEntryBefore,
  openKeyList,
  openLogHead,
  openSnapshot,
  type Snapshot,
  type TrustedKeys,
  verifyLog,
} from '@dcesop/sdk-plugin/signing'
import { MongoClient } from 'mongodb'
import { publishDocument } from '../support/publish-document.ts'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'

const own = '/-/dcesop/v1'

async function get<T>({ url }: RegistryProcess, where: string, token?: string): Promise<{ status: number; body: T }> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(url + where, { headers })
  return { status: answer.status, body: (await answer.json()) as T }
}

async function trustedKeys(registry: RegistryProcess): Promise<TrustedKeys> {
  const root = createPublicKey(await readFile(path.join(registry.dir, 'keys/root.pub.pem'), 'utf8'))
  const { body } = await get<Envelope>(registry, `${own}/keys`)
  return openKeyList(body, new Map([[keyIdOf(root), root]]), { now: new Date() })
}

async function snapshotOf(registry: RegistryProcess, seen = 0): Promise<Snapshot> {
  const { body } = await get<Envelope>(registry, `${own}/snapshot`)
  return openSnapshot(body, await trustedKeys(registry), { now: new Date(), seen })
}

async function headOf(registry: RegistryProcess): Promise<LogHead> {
  const { body } = await get<Envelope>(registry, `${own}/log/head`)
  return openLogHead(body, await trustedKeys(registry))
}

async function wholeLog(registry: RegistryProcess, token: string): Promise<string[]> {
  const entries: string[] = []
  for (;;) {
    const { body } = await get<{ size: number; entries: string[] }>(
      registry,
      `${own}/log?limit=500&from=${entries.length}`,
      token,
    )
    entries.push(...body.entries)
    if (entries.length >= body.size || body.entries.length === 0) return entries
  }
}

async function publish({ url }: RegistryProcess, token: string, name: string, version: string): Promise<number> {
  const body = JSON.stringify(await publishDocument(name, version, { 'data.txt': version.repeat(1000) }))
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(`${url}/${name.replace('/', '%2f')}`, { method: 'PUT', headers, body })
  await answer.arrayBuffer()
  return answer.status
}

describe('kill -9 of the registry during publishes', () => {
  let registry: RegistryProcess | undefined
  afterAll(() => registry?.dispose(), 60_000)

  it('leaves log, snapshot and versions as one', async () => {
    const acknowledged = new Set<string>()
    const heads: LogHead[] = []
    let number = 0
    for (let round = 1; round <= 3; round += 1) {
      registry = await startRegistryProcess(registry ? { dir: registry.dir } : {})
      number = await check(registry, acknowledged, heads, number)
      await publishUntilKilled(registry, round, acknowledged)
    }
    registry = await startRegistryProcess({ dir: (registry as RegistryProcess).dir })
    expect(acknowledged.size).toBeGreaterThan(15)
    await check(registry, acknowledged, heads, number)
  }, 400_000)

  /** @returns the number of the snapshot */
  async function check(
    running: RegistryProcess,
    acknowledged: ReadonlySet<string>,
    heads: LogHead[],
    number: number,
  ): Promise<number> {
    const token = await running.token('ana')
    const snapshot = await snapshotOf(running, number)
    expect(snapshot.number).toBeGreaterThan(number)
    heads.push(await headOf(running))
    const entries = await wholeLog(running, token)
    // All heads that were ever signed are of this one log.
    await expect(verifyLog(entries, heads)).resolves.toEqual({ size: entries.length, root: heads.at(-1)?.root })
    const published = entries
      .map((text) => JSON.parse(text) as { kind: string; subject: string; body: { integrity: string } })
      .filter(({ kind }) => kind === 'version.published')
    const listed = Object.entries(snapshot.packages).flatMap(([name, { versions }]) =>
      Object.entries(versions).map(([version, { integrity }]) => `${name}@${version} ${integrity}`),
    )
    expect(published.map(({ subject, body }) => `${subject} ${body.integrity}`).sort()).toEqual(listed.sort())
    expect([...acknowledged].filter((id) => !published.some(({ subject }) => subject === id))).toEqual([])
    await signed(running, Object.keys(snapshot.packages))
    return snapshot.number
  }

  async function signed(running: RegistryProcess, names: readonly string[]): Promise<void> {
    const keys = await trustedKeys(running)
    for (const name of names) {
      const { body } = await get<{ versions: Record<string, { dist: { integrity: string; signatures: [] } }> }>(
        running,
        `/${name.replace('/', '%2f')}`,
      )
      for (const [version, { dist }] of Object.entries(body.versions))
        checkPackageSignature({ name, version, integrity: dist.integrity }, dist.signatures, keys, new Date())
    }
  }

  async function publishUntilKilled(running: RegistryProcess, round: number, acknowledged: Set<string>): Promise<void> {
    const token = await running.token('ana')
    const before = acknowledged.size
    let alive = true
    const work = [0, 1, 2].map(async (writer) => {
      for (let n = 0; alive; n += 1) {
        const [name, version] = [`@ana/pkg-${'abc'[writer]}`, `${round}.0.${n}`]
        if ((await publish(running, token, name, version).catch(() => 0)) === 201)
          acknowledged.add(`${name}@${version}`)
        await snapshotOf(running).catch(() => undefined)
      }
    })
    while (acknowledged.size < before + 6) await new Promise((resolve) => setTimeout(resolve, 20))
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 100))
    await running.kill()
    alive = false
    await Promise.all(work)
  }
})

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
  }, 60_000)
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
