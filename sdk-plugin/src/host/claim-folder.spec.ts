import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { claimFolder } from './claim-folder.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'claim-folder-'))
})
afterEach(() => rm(dir, { recursive: true }))
const refuse = (what: string) => new Error(`It ${what}.`)

describe('a data folder', () => {
  it('is made, is one process’s, and holds nothing of the trial', async () => {
    const folder = path.join(dir, 'data')
    const claim = await claimFolder(folder, refuse)
    expect(await readdir(folder)).toEqual([])
    if (process.platform === 'linux')
      await expect(claimFolder(folder, refuse)).rejects.toThrow('It is in use by another process.')
    await claim.dispose()
  })

  it('that cannot be written is told by the system’s code', async () => {
    await writeFile(path.join(dir, 'file'), '')
    await expect(claimFolder(path.join(dir, 'file'), refuse)).rejects.toThrow('It cannot be written (EEXIST).')
  })
})
