import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sdkSource } from './sdk-source.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sdk-source-'))
})
afterEach(() => rm(dir, { recursive: true }))

/** What npm notes of an SDK that it installed. */
async function sourceOf(resolved: unknown): Promise<string | undefined> {
  const installed = path.join(dir, 'node_modules/@dcesop/sdk-plugin')
  await mkdir(installed, { recursive: true })
  const packages = { 'node_modules/@dcesop/sdk-plugin': { version: '0.1.0', resolved } }
  await writeFile(path.join(dir, 'node_modules/.package-lock.json'), JSON.stringify({ packages }))
  return sdkSource(path.join(dir, 'made/radio'), installed)
}

it('is the tarball that it was installed from, seen from the new plugin', async () => {
  expect(await sourceOf('file:dcesop-sdk-plugin-0.1.0.tgz')).toBe('file:../../dcesop-sdk-plugin-0.1.0.tgz')
  expect(await sourceOf('file:../sdk.tgz')).toBe('file:../../../sdk.tgz')
})

it.each([undefined, 5, 'sdk-plugin', 'https://registry.example.net/@dcesop/sdk-plugin/-/sdk-plugin-0.1.0.tgz'])(
  'is none for %j',
  async (resolved) => {
    expect(await sourceOf(resolved)).toBeUndefined()
  },
)

it('is none where npm did not install it', async () => {
  expect(await sdkSource(dir, path.join(dir, 'node_modules/@dcesop/sdk-plugin'))).toBeUndefined()
})
