import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { readPinned } from './pinned.ts'

let file: string
beforeAll(async () => void (file = path.join(await mkdtemp(path.join(tmpdir(), 'pinned-')), 'pinned.json')))
afterAll(() => rm(path.dirname(file), { recursive: true }))

const pem = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })
const read = async (content: unknown) => {
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  const { roots, publishers } = await readPinned(file)
  return [roots.size, publishers.size]
}

describe('pinned keys', () => {
  it('are a PEM file, or a root and publishers', async () => {
    expect(await read(pem)).toEqual([1, 1])
    expect(await read({ root: pem })).toEqual([1, 0])
    expect(await read({ publishers: { acme: [pem] } })).toEqual([0, 1])
  })

  it.each(['{', '{}', 'null', '[]', '{"roots":"x"}', '{"root":[]}', '{"root":5}', '{"publishers":{"acme":"x"}}'])(
    'are not in %s, and that is said',
    async (content) => {
      await expect(read(content)).rejects.toThrow(`${file} holds no public keys: `)
    },
  )
})
