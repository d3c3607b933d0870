import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { publishDocument } from '../support/publish-document.ts'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'

const rounds = 3
const writers = 4

interface Packument {
  readonly versions: Readonly<Record<string, { dist: { tarball: string; integrity: string; shasum: string } }>>
  readonly 'dist-tags': Readonly<Record<string, string>>
}

describe('kill -9 of the registry during publishes', () => {
  let registry: RegistryProcess | undefined
  afterAll(() => registry?.dispose(), 60_000)

  it('keeps every acknowledged version whole, and shows no half one', async () => {
    const acknowledged = new Set<string>()
    for (let round = 1; round <= rounds; round += 1) {
      registry = await startRegistryProcess(registry ? { dir: registry.dir } : {})
      await everythingWhole(registry, acknowledged)
      await publishUntilKilled(registry, round, acknowledged)
    }
    registry = await startRegistryProcess({ dir: registry?.dir as string })
    expect(acknowledged.size).toBeGreaterThan(rounds * writers)
    await everythingWhole(registry, acknowledged)
    // What was on its way is gone, and what was cut off can be published now.
    expect(await readdir(path.join(registry.dir, 'spool'))).toEqual([])
    expect(await publish(registry, await registry.token('ana'), '@ana/pkg-0', '999.0.0')).toBe(201)
    expect(await registry.stop()).toBe(0)
  }, 400_000)
})

/** Several writers publish one version after the other; the registry is killed in the midst of it. */
async function publishUntilKilled(registry: RegistryProcess, round: number, acknowledged: Set<string>): Promise<void> {
  const token = await registry.token('ana')
  const before = acknowledged.size
  let alive = true
  const writing = Array.from({ length: writers }, async (_, writer) => {
    for (let n = 0; alive; n += 1) {
      const [name, version] = [`@ana/pkg-${writer}`, `${round}.0.${n}`]
      const status = await publish(registry, token, name, version).catch(() => 0)
      if (status === 201) acknowledged.add(`${name}@${version}`)
    }
  })
  while (acknowledged.size < before + writers * 3) await new Promise((resolve) => setTimeout(resolve, 20))
  // Somewhere in the midst of the next publishes, each time elsewhere.
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 100))
  await registry.kill()
  alive = false
  await Promise.all(writing)
}

async function publish({ url }: RegistryProcess, token: string, name: string, version: string): Promise<number> {
  const body = JSON.stringify(await publishDocument(name, version, { 'data.txt': `${version} `.repeat(20_000) }))
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(`${url}/${name.replace('/', '%2f')}`, { method: 'PUT', headers, body })
  await answer.arrayBuffer()
  return answer.status
}

async function everythingWhole({ url }: RegistryProcess, acknowledged: ReadonlySet<string>): Promise<void> {
  const shown = new Set<string>()
  for (let writer = 0; writer < writers; writer += 1) {
    const name = `@ana/pkg-${writer}`
    const answer = await fetch(`${url}/${name.replace('/', '%2f')}`)
    if (answer.status === 404) continue
    const packument = (await answer.json()) as Packument
    for (const [version, { dist }] of Object.entries(packument.versions)) {
      shown.add(`${name}@${version}`)
      const bytes = Buffer.from(await (await fetch(dist.tarball)).arrayBuffer())
      expect(`sha512-${createHash('sha512').update(bytes).digest('base64')}`).toBe(dist.integrity)
    }
    for (const version of Object.values(packument['dist-tags'])) expect(packument.versions).toHaveProperty([version])
  }
  expect([...acknowledged].filter((version) => !shown.has(version))).toEqual([])
}
