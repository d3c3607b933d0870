import { createHash } from 'node:crypto'
import { Binary } from 'bson'
import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'

describe('filemd5', () => {
  const database = startInProcess()
  afterAll(() => database.stop())
  const send = (body: Document): Promise<Document> => database.command({ ...body, $db: 'files' })
  const chunk = (files_id: string, n: number, bytes: Buffer): Document => ({ files_id, n, data: new Binary(bytes) })
  const pieces = Array.from({ length: 20 }, (_, n) => Buffer.alloc(1000, n))

  beforeAll(async () => {
    const whole = pieces.map((bytes, n) => chunk('whole', n, bytes)).reverse()
    const gap = [0, 2].map((n) => chunk('gap', n, Buffer.alloc(1)))
    await send({ insert: 'photos.chunks', documents: [...whole, ...gap, { files_id: 'text', n: 0, data: 'x' }] })
  })

  it.each([
    ['a file of many chunks', 'whole', pieces.length, Buffer.concat(pieces)],
    ['a file without chunks', 'none', 0, Buffer.alloc(0)],
  ])('is the digest of %s', async (_name, filemd5, numChunks, content) => {
    const md5 = createHash('md5').update(content).digest('hex')
    expect(await send({ filemd5, root: 'photos' })).toMatchObject({ ok: 1, numChunks, md5 })
  })

  it.each([
    ['gap', 10040],
    ['text', 50849],
  ])('is refused for the damaged file %s', async (filemd5, code) => {
    expect(await send({ filemd5, root: 'photos' })).toMatchObject({ ok: 0, code })
  })
})
