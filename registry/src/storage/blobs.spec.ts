import { startTestServer } from '@dcesop/embedded-db/testing'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Blobs } from './blobs.ts'
import { Database } from './database.ts'
import { FileBlobs } from './file-blobs.ts'
import { GridFsBlobs } from './gridfs-blobs.ts'
import { sweepBlobs } from './sweep.ts'

let folder: string
let database: Database
let stopServer: () => Promise<void>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dcesop-blobs-'))
  const server = await startTestServer()
  stopServer = () => server.stop()
  database = await Database.connect(server.uri, `${server.prefix}blobs`)
})
afterAll(async () => {
  await database.close()
  await stopServer()
  await rm(folder, { recursive: true })
})

async function listed(blobs: Blobs): Promise<string[]> {
  const found: string[] = []
  for await (const digest of blobs.untouchedSince(new Date(Date.now() + 60_000))) found.push(digest)
  return found
}

async function fileOf(bytes: Buffer): Promise<{ digest: string; file: string }> {
  const digest = createHash('sha512').update(bytes).digest('hex')
  const file = join(folder, `in-${randomBytes(4).toString('hex')}`)
  await writeFile(file, bytes)
  return { digest, file }
}

describe.each([
  ['files', () => FileBlobs.open(join(folder, 'store'))],
  ['GridFS', async () => new GridFsBlobs(database.db)],
])('blobs in %s', (_name, open) => {
  const bytes = randomBytes(600_000)
  let blobs: Blobs
  beforeAll(async () => void (blobs = await open()))

  it('gives back what was stored, whole and in parts, and takes the file away', async () => {
    const { digest, file } = await fileOf(bytes)
    await blobs.put(digest, file)
    await expect(stat(file)).rejects.toThrow('ENOENT')
    expect((await buffer(await blobs.open(digest))).equals(bytes)).toBe(true)
    const part = await buffer(await blobs.open(digest, { from: 299_990, to: 300_009 }))
    expect(part.equals(bytes.subarray(299_990, 300_010))).toBe(true)
  })

  it('stores the same bytes once', async () => {
    const again = await fileOf(bytes)
    await blobs.put(again.digest, again.file)
    expect(await listed(blobs)).toEqual([again.digest])
  })

  it('refuses to open what is not there', async () => {
    await expect(blobs.open('0'.repeat(128))).rejects.toThrow()
  })

  it('loses in a sweep only what no version names', async () => {
    const kept = await fileOf(randomBytes(10))
    await blobs.put(kept.digest, kept.file)
    await database.versions.insertOne({ _id: `kept@${_name}`, blob: kept.digest } as never)
    expect(await sweepBlobs(blobs, database)).toBe(0)
    expect(await sweepBlobs(blobs, database, -60_000)).toBe(1)
    expect(await listed(blobs)).toEqual([kept.digest])
  })
})

it('never leaves its folder for a digest that is none', async () => {
  const blobs = await FileBlobs.open(join(folder, 'store'))
  await expect(blobs.open('../../etc/passwd')).rejects.toThrow('not a SHA-512')
})
