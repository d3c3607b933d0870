import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makeFolder } from './make-folder.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'make-folder-'))
})
afterEach(() => rm(dir, { recursive: true }))

describe('a folder', () => {
  it('is made with those above it, and may be there', async () => {
    const folder = path.join(dir, 'a/b/c')
    makeFolder(folder)
    makeFolder(folder)
    expect((await stat(folder)).isDirectory()).toBe(true)
    await symlink(folder, path.join(dir, 'link'))
    makeFolder(path.join(dir, 'link'))
  })

  it('is not made in place of a file, or below one', async () => {
    await writeFile(path.join(dir, 'file'), '')
    for (const name of ['file', 'file/below']) expect(() => makeFolder(path.join(dir, name))).toThrow(/EEXIST|ENOTDIR/)
    expect(() => makeFolder('')).toThrow('ENOENT')
  })

  const where = existsSync('/proc/self') ? it : it.skip
  where('is refused by name where none can be made: Node would try for ever', () => {
    expect(() => makeFolder('/proc/dcesop/below')).toThrow("mkdir '/proc/dcesop'")
  })
})
