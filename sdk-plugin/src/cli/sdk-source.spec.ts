import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sdkSource } from './sdk-source.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sdk-source-'))
})
afterEach(() => rm(dir, { recursive: true }))

/** As npm, pnpm and yarn note what they installed. */
async function sourceOf(source: unknown, kind = 'dependencies'): Promise<string | undefined> {
  await writeFile(path.join(dir, 'package.json'), JSON.stringify({ [kind]: { '@dcesop/sdk-plugin': source } }))
  return sdkSource(path.join(dir, 'made/radio'))
}

it('is the tarball that was installed, seen from the new plugin', async () => {
  expect(await sourceOf('file:dcesop-sdk-plugin-0.1.0.tgz')).toBe('file:../../dcesop-sdk-plugin-0.1.0.tgz')
  expect(await sourceOf('file:../sdk.tgz', 'devDependencies')).toBe('file:../../../sdk.tgz')
  expect(await sourceOf('./sdk.tgz')).toBe('file:../../sdk.tgz')
  expect(await sourceOf('/srv/sdk.tgz')).toBe(`file:${path.relative(path.join(dir, 'made/radio'), '/srv/sdk.tgz')}`)
})

it('is the address that it was installed from', async () => {
  expect(await sourceOf('https://sdk.example.net/sdk.tgz')).toBe('https://sdk.example.net/sdk.tgz')
})

it.each([undefined, 5, '^0.1.0', '*', 'workspace:*', 'file:../sdk-plugin'])('is none for %j', async (source) => {
  expect(await sourceOf(source)).toBeUndefined()
})

it('is none where nothing is installed, or package.json is none', async () => {
  expect(await sdkSource(path.join(dir, 'radio'))).toBeUndefined()
  for (const text of ['{', 'null', '[]', '{"dependencies":5}']) {
    await writeFile(path.join(dir, 'package.json'), text)
    expect(await sdkSource(path.join(dir, 'radio'))).toBeUndefined()
  }
})
