import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readPrivateKey, readPublicKeys } from '@dcesop/sdk-plugin/signing'
import { packFixture } from '../../core/src/plugins/testing/fixture-plugin.ts'
import { Harness, startData } from '../../core/src/plugins/testing/harness.ts'
import { Partner } from '../support/partner.ts'
import { startRegistryProcess } from '../support/registry.ts'
import { median, report } from './report.ts'

const rounds = 5
const bytes = 5 * 1024 * 1024
/** Incompressible text: hexadecimal digits shrink to half. */
const payload = () => `module.exports = "${randomBytes(bytes).toString('hex')}"\n`

/** Publish of a plugin of 5 MB through every check, and its install on a host that verifies it, beside the same bytes hashed and flushed to a file. */
export async function benchRegistry(): Promise<void> {
  const [registry, data] = await Promise.all([startRegistryProcess(), startData()])
  const dataDir = await mkdtemp(path.join(tmpdir(), 'dcesop-bench-'))
  const roots = readPublicKeys([await readFile(path.join(registry.dir, 'keys/root.pub.pem'), 'utf8')])
  const react = {
    security: 'act',
    legal: 'act',
    defect: 'tell',
    withdrawn: 'tell',
    flagged: 'act',
    unapproved: 'act',
  } as const
  const host = await Harness.start(data.data, {
    dataDir,
    registry: {
      url: registry.url,
      roots,
      regions: ['br'],
      channel: 'stable',
      refreshMs: 86_400_000,
      bundleMaxAgeDays: 30,
      react,
    },
  })
  const times = { publish: [] as number[], install: [] as number[], floor: [] as number[] }
  try {
    const acme = await Partner.join(registry, 'acme')
    for (let round = 0; round < rounds; round += 1) {
      const id = `large${round}`
      const name = `@${acme.scope}/dcesop-${id}`
      const files = { 'package.json': JSON.stringify({ name, version: '1.0.0' }), 'dist/data.cjs': payload() }
      const tarball = await packFixture({ id, files }, [readPrivateKey(acme.privateKey)])
      times.floor.push(await seconds(() => hashAndFlush(path.join(dataDir, `${id}.tgz`), tarball)))
      times.publish.push(await seconds(() => acme.publish(id, '1.0.0', tarball)))
      await acme.approve(id, '1.0.0')
      times.install.push(
        await seconds(async () => {
          const { status, json } = await host.change('install', id, { version: '1.0.0', from: 'registry' })
          if (status !== 200) throw new Error(`install: ${status} ${JSON.stringify(json)}`)
        }),
      )
    }
  } finally {
    await host.stop()
    await registry.dispose()
    await data.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  const baseline = median(times.floor)
  for (const what of ['publish', 'install'] as const)
    report({
      name: `${what} of a plugin of 5 MB against its bytes hashed and flushed`,
      value: median(times[what]),
      unit: 's',
      baseline,
    })
}

async function hashAndFlush(file: string, content: Buffer): Promise<void> {
  createHash('sha512').update(content).digest()
  const handle = await open(file, 'w')
  await handle.writeFile(content)
  await handle.sync()
  await handle.close()
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
