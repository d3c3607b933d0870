import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Contract } from '../../package/contract.ts'
import { contractDigest } from '../../package/contract-record.ts'
import { readPackage } from '../../package/index.ts'
import { main } from '../main.ts'

const contract: Contract = {
  capability: 'radio.estimates',
  range: '^1.0.0',
  consumer: 'map',
  interactions: [
    {
      method: 'estimate',
      arguments: [{ people: 1, streams: 1 }],
      answers: { megabits: 30, technology: 'mobile' },
    },
  ],
}
const sha256 = contractDigest(contract)
const spec = `
import { glob, readFile } from 'node:fs/promises'
import { it } from 'node:test'
import { createTestHost, verifyContract } from '@dcesop/sdk-plugin/testing'
import manifest from '../dcesop.plugin.json' with { type: 'json' }
import plugin from './main.ts'
it('keeps what consumers rely on', async () => {
  const host = await createTestHost({ manifest, plugin })
  try {
    for await (const file of glob('consumers/*.json')) {
      const contract = JSON.parse(await readFile(file, 'utf8'))
      await verifyContract(contract, host.capability(contract.capability))
    }
  } finally {
    await host.dispose()
  }
})`

let [dir, plugin, url] = ['', '', '']
let answer: object
let server: Server
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'cli-contracts-'))
  plugin = path.join(dir, 'radio')
  for (const name of ['log', 'error'] as const) jest.spyOn(console, name).mockImplementation()
  await main(['new', plugin, '--template', 'backend', '--publisher', 'acme'])
  await mkdir(path.join(plugin, 'node_modules/@dcesop'), { recursive: true })
  await symlink(path.resolve(import.meta.dirname, '../../..'), path.join(plugin, 'node_modules/@dcesop/sdk-plugin'))
  await writeFile(path.join(plugin, 'server/main.spec.ts'), spec)
  server = createServer((request, response) => {
    const known = request.url === '/-/dcesop/v1/capabilities/radio.estimates/contracts?version=1.0.0'
    response.end(JSON.stringify(known ? answer : {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  jest.restoreAllMocks()
  server.close()
  await rm(dir, { recursive: true })
})

const fetchContracts = () => main(['contracts', plugin, '--registry', url])
const consumers = () => readdir(path.join(plugin, 'consumers'))
async function packed(): Promise<unknown> {
  expect(await main(['pack', plugin])).toBe(0)
  const { files } = await readPackage(await readFile(path.join(plugin, 'dist/radio-0.1.0.tgz')))
  const record = files.get('contracts.kept.json')
  return record && (JSON.parse(String(record)) as { kept: unknown }).kept
}

describe('contracts of consumers', () => {
  it('are fetched, and those that nobody has any more go away', async () => {
    answer = { contracts: [{ consumer: 'map', sha256: 'a'.repeat(64), contract: {} }] }
    expect(await fetchContracts()).toBe(0)
    await writeFile(path.join(plugin, 'consumers/notes.json'), '{}')
    answer = { contracts: [{ consumer: 'map', sha256, contract }] }
    expect(await fetchContracts()).toBe(0)
    expect(await consumers()).toEqual(['notes.json', `radio.estimates.map.${sha256.slice(0, 12)}.json`])
    await rm(path.join(plugin, 'consumers/notes.json'))
  })

  it.each([
    { contracts: [{ consumer: '../../out', sha256, contract }] },
    { contracts: [{ consumer: 'map', sha256: '../../../out', contract }] },
    { contracts: [null] },
    {},
  ])('become no other file by %j', async (wrong) => {
    const before = await consumers()
    answer = wrong
    expect(await fetchContracts()).toBe(2)
    expect(await consumers()).toEqual(before)
  })

  it('are in the package as kept once specs kept them, as long as the code is the same', async () => {
    expect(await packed()).toBeUndefined()
    expect(await main(['test', plugin])).toBe(0)
    expect(await packed()).toEqual([{ capability: 'radio.estimates', consumer: 'map', sha256 }])
    const file = path.join(plugin, 'server/estimate.ts')
    const code = await readFile(file, 'utf8')
    await writeFile(file, `${code}\nexport const later = 1\nconsole.debug(later)\n`)
    expect(await packed()).toBeUndefined()
    await writeFile(file, code)
    expect(await packed()).toEqual([expect.objectContaining({ sha256 })])
  })

  it('are kept where another runner runs the specs, too', async () => {
    await rm(path.join(plugin, 'dist/contracts.kept.json'))
    const runner = ['--', process.execPath, '--test', 'server/main.spec.ts']
    expect(await main(['test', plugin, ...runner])).toBe(0)
    expect(await packed()).toEqual([{ capability: 'radio.estimates', consumer: 'map', sha256 }])
    expect(await main(['test', plugin, '--', process.execPath, '--eval', 'process.exitCode = 3'])).toBe(3)
    expect(await packed()).toBeUndefined()
    expect(await main(['test', plugin, '--only', 'keeps'])).toBe(0)
    expect(await main(['test', plugin, '--only', 'kepes'])).toBe(2)
    expect(await main(['test', plugin, '--'])).toBe(2)
    expect(await main(['test', plugin, '--only', 'keeps', ...runner])).toBe(2)
    expect(await main(['pack', plugin, ...runner])).toBe(2)
  })

  it.each([
    [
      'a stand-in',
      `{ estimate: async () => (${JSON.stringify(contract.interactions[0]?.answers)}) }`,
      'dcesop.plugin.json',
    ],
    ['another plugin', 'host.capability(contract.capability)', 'other.json'],
  ])(
    'are not said to be kept when %s answered',
    async (_who, provider, manifest) => {
      const file = path.join(plugin, 'server/main.spec.ts')
      const other = JSON.parse(await readFile(path.join(plugin, 'dcesop.plugin.json'), 'utf8')) as object
      await writeFile(
        path.join(plugin, 'other.json'),
        JSON.stringify(other).replace('"id":"radio"', '"id":"wireless"').replaceAll('radio:', 'wireless:'),
      )
      await writeFile(
        file,
        spec.replace('host.capability(contract.capability)', provider).replace('dcesop.plugin.json', manifest),
      )
      expect(await main(['test', plugin])).toBe(0)
      expect(await packed()).toBeUndefined()
      await writeFile(file, spec)
    },
    60_000,
  )

  it('do not keep the command waiting for what a spec that failed left open', async () => {
    const file = path.join(plugin, 'server/main.spec.ts')
    const open = `import { createServer } from 'node:http'\nimport { it } from 'node:test'\n`
    await writeFile(file, `${open}it('fails', () => { createServer().listen(0); throw new Error('no') })`)
    expect(await main(['test', plugin])).toBe(1)
    await writeFile(file, spec)
  })

  it('are not said to be kept after specs that failed', async () => {
    const [name = ''] = await consumers()
    const other = { ...contract, interactions: [{ method: 'forecast', arguments: [] }] }
    await writeFile(path.join(plugin, 'consumers', name), JSON.stringify(other))
    expect(await main(['test', plugin])).toBe(1)
    expect(await packed()).toBeUndefined()
  })
})
