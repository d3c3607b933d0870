import { outageProblem } from '@dcesop/sdk-plugin/http'
import { fileListPath, packFiles, PackageError, readTarball } from '@dcesop/sdk-plugin/package'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs, { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import type NodeModule from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { packFixture } from '../testing/fixture-plugin.ts'
import { PackageStore } from './package-store.ts'

/** Node's own: Jest's does nothing. */
declare const requireNatively: NodeJS.Require
const { syncBuiltinESMExports } = requireNatively('node:module') as typeof NodeModule

let dir: string
let store: PackageStore
beforeEach(async () => {
  dir = path.join(await mkdtemp(path.join(tmpdir(), 'store-')), 'store')
  store = new PackageStore(dir)
})
afterEach(async () => {
  for (const name of await readdir(dir)) await chmod(path.join(dir, name), 0o755)
  await rm(path.dirname(dir), { recursive: true })
})

describe('the package store', () => {
  it('takes packages in that come while others are unpacked', async () => {
    const tarballs = await Promise.all([1, 2, 3, 4].map((number) => packFixture({ start: `// ${number}` })))
    const puts = tarballs.map(async (tarball, index) => {
      // Each begins in the midst of the one before.
      for (let turn = 0; turn < index * 40; turn += 1) await new Promise(setImmediate)
      return store.put(tarball)
    })
    const digests = (await Promise.all(puts)).map(({ digest }) => digest)
    expect((await readdir(dir)).sort()).toEqual([...digests].sort())
  })

  it('says which file cannot be read, and mends it when the package is put again', async () => {
    const tarball = await packFixture()
    const { digest, listHash } = await store.put(tarball)
    const file = path.join(dir, digest, 'package.json')
    await chmod(path.dirname(file), 0o755)
    for (const instead of ['package.json', '/', 'nowhere']) {
      await rm(file)
      await symlink(instead, file)
      const error: unknown = await store.open(digest, listHash).catch((failure: unknown) => failure)
      expect(error).toBeInstanceOf(PackageError)
      expect((error as PackageError).message).toMatch(/"package\.json" cannot be read from the store \(E\w+\)/)
      await store.put(tarball)
      expect((await store.open(digest, listHash)).digest).toBe(digest)
      await chmod(path.dirname(file), 0o755)
    }
  })

  it('refuses styles beyond the plugin, uploaded or put into its folder by hand', async () => {
    const files = await readTarball(await packFixture())
    files.delete(fileListPath)
    files.set('dist/ui/x.css', Buffer.from('body{margin:0}'))
    // No `dcesop pack` looked at it.
    const tarball = await packFiles(files, [], { development: true })
    await expect(store.put(tarball)).rejects.toThrow(/ui-global-selector: dist\/ui\/x\.css has the selector "body"/)

    const byHand = await readTarball(tarball)
    for (const [name, content] of byHand) {
      const file = path.join(dir, 'by-hand', name)
      await mkdir(path.dirname(file), { recursive: true })
      await writeFile(file, content)
    }
    const list = createHash('sha256').update(byHand.get(fileListPath) as Buffer)
    await expect(store.open('by-hand', list.digest('hex'))).rejects.toThrow(/^ui-global-selector: /)
  })

  it('leaves nothing of a package that the disk has no room for', async () => {
    const full = jest.spyOn(fs, 'rename').mockRejectedValueOnce(new Error('ENOSPC'))
    syncBuiltinESMExports()
    await expect(store.put(await packFixture())).rejects.toThrow('ENOSPC')
    expect(await readdir(dir)).toEqual([])
    full.mockRestore()
    syncBuiltinESMExports()
    const { digest } = await store.put(await packFixture())
    expect(await readdir(dir)).toEqual([digest])
  })
})

/** A disk in memory that can be made read-only; undefined where this process may not mount one. */
async function mountDisk() {
  const folder = await mkdtemp(path.join(tmpdir(), 'store-disk-'))
  const mount = (options: string) =>
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' })
  try {
    mount('size=8m')
  } catch {
    await rm(folder, { recursive: true })
    return undefined
  }
  return {
    folder,
    readOnly: (is: boolean) => mount(`remount,${is ? 'ro' : 'rw'}`),
    async dispose() {
      execFileSync('umount', ['-l', folder])
      await rm(folder, { recursive: true })
    },
  }
}

it('says that the disk is read-only, and takes the package once it is not', async () => {
  await store.put(await packFixture())
  const disk = await mountDisk()
  if (!disk) return
  try {
    const there = new PackageStore(path.join(disk.folder, 'store'))
    await there.put(await packFixture({ start: '// first' }))
    disk.readOnly(true)
    const second = await packFixture({ start: '// second' })
    const refused: unknown = await there.put(second).catch((error: unknown) => error)
    expect(outageProblem(refused)).toMatchObject({ status: 503, code: 'unavailable' })
    disk.readOnly(false)
    expect((await there.put(second)).digest).toMatch(/^[0-9a-f]+$/)
  } finally {
    await disk.dispose()
  }
})
