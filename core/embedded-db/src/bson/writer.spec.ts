import { deserialize, serialize } from 'bson'
import { ArrayWriter } from './array-writer.ts'
import { BsonWriter } from './writer.ts'

/** The array of so many documents of so many bytes of text each. */
function arrayOf(count: number, size: number): { written: ArrayWriter; documents: object[] } {
  const written = new ArrayWriter()
  const documents = Array.from({ length: count }, (_, i) => ({ i, text: 'x'.repeat(size) }))
  for (const document of documents) written.add(Buffer.from(serialize(document)))
  return { written, documents }
}

describe('a reply with an array that was written before', () => {
  it.each([
    ['empty', 0, 0],
    ['small', 3, 10],
    ['of many pieces', 3000, 300],
    ['of documents larger than a piece', 3, 600_000],
  ])('is one document when the array is %s', (_, count, size) => {
    const { written, documents } = arrayOf(count, size)
    const writer = new BsonWriter()
    writer.skip(7)
    writer.document({ cursor: { batch: written.finish(), id: 1, after: { ns: 'a.b' } }, ok: 1 })
    const pieces = writer.pieces()
    const message = writer.finish()
    expect(Buffer.concat(pieces).equals(message)).toBe(true)
    expect(deserialize(message.subarray(7))).toEqual({
      cursor: { batch: documents, id: 1, after: { ns: 'a.b' } },
      ok: 1,
    })
  })

  it('is not copied into the reply when it is large', () => {
    const { written } = arrayOf(3000, 300)
    const array = written.finish()
    const writer = new BsonWriter()
    writer.document({ array })
    const pieces = writer.pieces()
    expect(array.pieces.length).toBeGreaterThan(1)
    expect(array.pieces.every((piece) => pieces.includes(piece))).toBe(true)
  })
})
