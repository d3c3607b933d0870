import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { minimalManifest } from '../../testing/manifest.ts'
import { en } from '../locales/en.ts'
import { schemaInPackage } from '../../package/file-list.ts'
import type { Codemod } from './codemod.ts'
import { codemods } from './codemods/index.ts'
import { difference } from './difference.ts'
import { runCodemods } from './run-codemods.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'update-'))
})
afterEach(() => rm(dir, { recursive: true }))

const read = (file: string) => readFile(path.join(dir, file), 'utf8')
const oldManifest = JSON.stringify(minimalManifest(), null, 2)
async function oldPlugin(): Promise<void> {
  await writeFile(path.join(dir, 'dcesop.plugin.json'), oldManifest)
}
const run = (dryRun = false, which = codemods) => runCodemods(dir, which, { dryRun })

describe('the codemods', () => {
  it('have numbers in order, each once, and a message each', () => {
    const numbers = codemods.map(({ id }) => Number(/^(\d{4})-[a-z0-9-]+$/.exec(id)?.[1]))
    expect(numbers).toEqual(codemods.map((_codemod, index) => index + 1))
    expect(codemods.filter(({ id }) => !Object.hasOwn(en, `update.${id}`))).toEqual([])
  })

  it('bring a plugin of the first SDK up to date, and keep its formatting', async () => {
    await oldPlugin()
    await run()
    const manifest = await read('dcesop.plugin.json')
    expect(JSON.parse(manifest)).toEqual({
      $schema: schemaInPackage,
      ...minimalManifest(),
    })
    expect(difference(oldManifest, manifest)).toEqual([`+   "$schema": "${schemaInPackage}",`])
  })

  it('replace a schema by its present address', async () => {
    await writeFile(path.join(dir, 'dcesop.plugin.json'), '{"$schema":"../docs/schema.json","id":"x"}')
    await run()
    expect(await read('dcesop.plugin.json')).toBe(`{"$schema": "${schemaInPackage}","id":"x"}`)
  })

  it('change nothing when they run on their own result', async () => {
    await oldPlugin()
    await run()
    const result = await read('dcesop.plugin.json')
    await rm(path.join(dir, 'dcesop.update.json'))
    await run()
    expect(await read('dcesop.plugin.json')).toBe(result)
  })
})

describe('runCodemods', () => {
  const appending = (id: string): Codemod => ({
    id,
    files: ['package.json'],
    change: (sources) => new Map([['package.json', `${sources.get('package.json')}${id} `]]),
  })

  it('runs each once, and later ones when they come', async () => {
    await writeFile(path.join(dir, 'package.json'), '')
    await run(false, [appending('a')])
    await run(false, [appending('a'), appending('b')])
    expect(await read('package.json')).toBe('a b ')
    expect(JSON.parse(await read('dcesop.update.json'))).toEqual({ ran: ['a', 'b'] })
    expect(await run(false, [appending('a'), appending('b')])).toEqual([])
  })

  it('tells in a dry run what all of them would do, and writes nothing', async () => {
    await writeFile(path.join(dir, 'package.json'), '')
    const applied = await run(true, [appending('a'), appending('b')])
    expect(applied.map(({ changes }) => changes.get('package.json')?.after)).toEqual(['a ', 'a b '])
    expect(await read('package.json')).toBe('')
    await expect(read('dcesop.update.json')).rejects.toThrow('ENOENT')
  })
})
