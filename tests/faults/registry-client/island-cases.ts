import { Harness, startData } from '../../../core/src/plugins/testing/harness.ts'
import { type PinnedHost, said } from './pinned-host.ts'

/** A host that no network connects with the registry: what it has came in bundles. */
export function islandCases(pinned: () => PinnedHost): void {
  let island: Harness
  let islandData: Awaited<ReturnType<typeof startData>>
  beforeAll(async () => {
    islandData = await startData()
    island = await Harness.start(islandData.data, {
      registry: { ...pinned().settings, url: null },
      clock: pinned().clock,
    })
  }, 60_000)
  afterAll(async () => {
    await island?.stop()
    await islandData?.stop()
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
}
