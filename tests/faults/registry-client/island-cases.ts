import { Harness, startData } from '../../../core/src/plugins/testing/harness.ts'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type PinnedHost, said } from './pinned-host.ts'

/** A host that no network connects with the registry: what it has came in bundles. */
export function islandCases(pinned: () => PinnedHost): void {
  let island: Harness
  let islandData: Awaited<ReturnType<typeof startData>>
  let dataDir: string
  beforeAll(async () => {
    islandData = await startData()
    dataDir = await mkdtemp(path.join(tmpdir(), 'island-'))
    island = await Harness.start(islandData.data, {
      dataDir,
      registry: { ...pinned().settings, url: null },
      clock: pinned().clock,
    })
  }, 60_000)
  afterAll(async () => {
    await island?.stop()
    await islandData?.stop()
    await rm(dataDir, { recursive: true, force: true })
  }, 60_000)

  const bring = (bundle: Buffer) =>
    island.call('POST', '/api/admin/registry/bundle', {
      as: 'admin',
      raw: bundle,
      headers: { 'content-type': 'application/x-tar' },
    })

  it('installs from a bundle, and believes neither a changed nor an older one', async () => {
    await pinned().release('offline')
    const first = await pinned().acme.bundle([{ plugin: 'offline', version: '1.0.0' }])
    const changed = Buffer.from(first)
    changed[changed.indexOf('"signatures"') + 60]! ^= 1
    expect(said(await bring(changed))).toEqual([422, 'bundle_refused'])
    const imported = await bring(first)
    expect([imported.status, imported.json['packages']]).toMatchObject([201, [{ plugin: 'offline', version: '1.0.0' }]])
    const installed = await island.change('install', 'offline', { version: '1.0.0', from: 'registry' })
    expect(installed.json).toMatchObject({ state: 'ACTIVE', evidence: { registry: null } })
    await pinned().release('offline', '1.1.0')
    const second = await pinned().acme.bundle([{ plugin: 'offline', version: '1.1.0' }])
    expect((await bring(second)).status).toBe(201)
    expect(said(await bring(first))).toEqual([422, 'bundle_refused'])
    const upgraded = await island.change('upgrade', 'offline', { version: '1.1.0', from: 'registry' })
    expect(upgraded.json).toMatchObject({ state: 'ACTIVE', version: '1.1.0' })
    expect(said(await island.change('install', 'radio', { version: '1.1.0', from: 'registry' }))).toEqual([
      404,
      'release_not_listed',
    ])
  })

  it('takes the bundles that have arrived while others are still arriving, and keeps nothing of any', async () => {
    await pinned().release('queued')
    const bundle = await pinned().acme.bundle([{ plugin: 'queued', version: '1.0.0' }])
    const slow = () => {
      const headers = { 'x-user': 'admin', 'content-type': 'application/x-tar', 'content-length': bundle.length }
      const sent = request(`${island.origin}/api/admin/registry/bundle`, { method: 'POST', headers })
      sent.on('error', () => undefined)
      sent.write(bundle.subarray(0, 1000))
      return sent
    }
    const incoming = () => readdir(path.join(dataDir, 'plugins/registry/incoming'))
    const [late, left] = [slow(), slow()]
    await island.until(async () => (await incoming()).length === 2)
    const answers = await Promise.all([bring(bundle), bring(bundle), bring(bundle)])
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    const answered = once(late, 'response') as Promise<[IncomingMessage]>
    late.end(bundle.subarray(1000))
    expect((await answered)[0].statusCode).toBe(201)
    left.destroy()
    await island.until(async () => (await incoming()).length === 0)
  })
}
