import { readPackage } from '@dcesop/sdk-plugin/package'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { PackageStore } from '../store/package-store.ts'
import { packFixture } from '../testing/fixture-plugin.ts'
import { PluginTitles } from './titles.ts'

it('names a plugin in each of its languages, and in none whose catalogue has no name', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'dcesop-titles-'))
  try {
    const store = new PackageStore(folder)
    const tarball = await packFixture({
      files: { 'locales/pt-BR.json': '{"demo.title":"Demonstração"}', 'locales/en.json': '{}' },
    })
    const entry: CatalogueEntry = { ...(await store.put(tarball)), source: 'upload', putAt: new Date() }
    expect(await new PluginTitles(store).of(entry)).toEqual({ es: 'Demo', 'pt-BR': 'Demonstração' })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

it('names it as soon as its files are here and can be read', async () => {
  const { manifest } = await readPackage(await packFixture())
  const entry = { digest: 'abc', manifest } as CatalogueEntry
  const texts = [undefined, '{', '{"demo.title":"Demo"}']
  const titles = new PluginTitles({ text: async () => texts[0] })
  expect(await titles.of(entry)).toEqual({})
  texts.shift()
  expect(await titles.of(entry)).toEqual({})
  texts.shift()
  expect(await titles.of(entry)).toMatchObject({ es: 'Demo' })
})
