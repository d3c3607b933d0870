import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { checkPackageSignature, type LogHead, type PackageSignature, verifyLog } from '@dcesop/sdk-plugin/signing'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'
import { get, headOf, publish, snapshotOf, trustedKeys, wholeLog } from '../support/registry-trust.ts'

const rounds = 2
const writers = 4

interface Packument {
  readonly versions: Readonly<Record<string, { dist: Dist }>>
  readonly 'dist-tags': Readonly<Record<string, string>>
}

interface Dist {
  readonly tarball: string
  readonly integrity: string
  readonly signatures: readonly PackageSignature[]
}

/** What outlives a kill: what was acknowledged, and the heads of the log and the number of the snapshot that were seen. */
interface Seen {
  readonly acknowledged: Set<string>
  readonly heads: LogHead[]
  snapshot: number
}

describe('kill -9 of the registry during publishes', () => {
  let registry: RegistryProcess | undefined
  afterAll(() => registry?.dispose())

  it('keeps every acknowledged version whole, shows no half one, and leaves log, snapshot and versions as one', async () => {
    const seen: Seen = { acknowledged: new Set(), heads: [], snapshot: 0 }
    for (let round = 1; round <= rounds; round += 1) {
      registry = await startRegistryProcess(registry ? { dir: registry.dir } : {})
      await everythingWhole(registry, seen)
      await publishUntilKilled(registry, round, seen.acknowledged)
    }
    registry = await startRegistryProcess({ dir: (registry as RegistryProcess).dir })
    expect(seen.acknowledged.size).toBeGreaterThan(rounds * writers)
    await everythingWhole(registry, seen)
    // What was on its way is gone, and what was cut off can be published now.
    expect(await readdir(path.join(registry.dir, 'spool'))).toEqual([])
    expect(await publish(registry, await registry.token('ana'), '@ana/pkg-0', '999.0.0')).toBe(201)
    expect(await registry.stop()).toBe(0)
  }, 400_000)
})

/** Several writers publish one version after the other, while somebody reads snapshots; the registry is killed in the midst of it. */
async function publishUntilKilled(registry: RegistryProcess, round: number, acknowledged: Set<string>): Promise<void> {
  const token = await registry.token('ana')
  const before = acknowledged.size
  let alive = true
  const writing = Array.from({ length: writers }, async (_, writer) => {
    for (let n = 0; alive; n += 1) {
      const [name, version] = [`@ana/pkg-${writer}`, `${round}.0.${n}`]
      const status = await publish(registry, token, name, version, `${version} `.repeat(20_000)).catch(() => 0)
      if (status === 201) acknowledged.add(`${name}@${version}`)
      if (writer === 0) await snapshotOf(registry).catch(() => undefined)
    }
  })
  while (acknowledged.size < before + writers * 3) await new Promise((resolve) => setTimeout(resolve, 20))
  // Somewhere in the midst of the next publishes, each time elsewhere.
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 100))
  await registry.kill()
  alive = false
  await Promise.all(writing)
}

async function everythingWhole(registry: RegistryProcess, seen: Seen): Promise<void> {
  const snapshot = await snapshotOf(registry, seen.snapshot)
  expect(snapshot.number).toBeGreaterThan(seen.snapshot)
  seen.snapshot = snapshot.number
  seen.heads.push(await headOf(registry))
  const entries = await wholeLog(registry, await registry.token('ana'))
  // All heads that were ever signed are of this one log.
  await expect(verifyLog(entries, seen.heads)).resolves.toEqual({ size: entries.length, root: seen.heads.at(-1)?.root })
  const published = entries
    .map((text) => JSON.parse(text) as { kind: string; subject: string; body: { integrity: string } })
    .filter(({ kind }) => kind === 'version.published')
    .map(({ subject, body }) => `${subject} ${body.integrity}`)
  const listed = Object.entries(snapshot.packages).flatMap(([name, { versions }]) =>
    Object.entries(versions).map(([version, { integrity }]) => `${name}@${version} ${integrity}`),
  )
  const shown = await shownVersions(registry, Object.keys(snapshot.packages))
  expect(published.toSorted()).toEqual(listed.toSorted())
  expect(shown.toSorted()).toEqual(listed.toSorted())
  const names = new Set(shown.map((line) => line.split(' ')[0]))
  expect([...seen.acknowledged].filter((version) => !names.has(version))).toEqual([])
}

/** Every version that the registry shows, each with the bytes and the signature that it says. */
async function shownVersions(registry: RegistryProcess, names: readonly string[]): Promise<string[]> {
  const keys = await trustedKeys(registry)
  const shown: string[] = []
  for (const name of names) {
    const { body } = await get<Packument>(registry, `/${name.replace('/', '%2f')}`)
    for (const [version, { dist }] of Object.entries(body.versions)) {
      const bytes = Buffer.from(await (await fetch(dist.tarball)).arrayBuffer())
      expect(`sha512-${createHash('sha512').update(bytes).digest('base64')}`).toBe(dist.integrity)
      checkPackageSignature({ name, version, integrity: dist.integrity }, dist.signatures, keys, new Date())
      shown.push(`${name}@${version} ${dist.integrity}`)
    }
    for (const version of Object.values(body['dist-tags'])) expect(body.versions).toHaveProperty([version])
  }
  return shown
}
