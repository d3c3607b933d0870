import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadHostKey } from './feed/host-key.ts'
import { nodeId } from './node-id.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dcesop-node-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('a data folder', () => {
  it('keeps the name of its node, which is made anew where a start that was cut short left none', async () => {
    await writeFile(join(folder, 'node-id'), '')
    const id = await nodeId(folder)
    expect(id).toMatch(/^node-[0-9a-f-]{36}$/)
    expect(await nodeId(folder)).toBe(id)
  })

  it('with a damaged key says which file it is, and what to do', async () => {
    const file = join(folder, 'feed-key.pem')
    await writeFile(file, '-----BEGIN PRIVATE KEY-----\nMC4C')
    await expect(loadHostKey(file)).rejects.toMatchObject({
      name: 'StartRefused',
      message: `The key in ${file} is damaged: put back a copy of the file, or remove it and the host makes a new one.`,
    })
  })
})
