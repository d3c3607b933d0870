import { type Document, Int32, ObjectId } from 'bson'
import fc from 'fast-check'
import { CommandError } from '../errors.ts'
import { startInProcess } from '../testing/in-process.ts'
import { compileUpdate } from '../update/index.ts'
import { arbitraryValue } from '../values/arbitrary-testing.ts'
import { encode } from './raw.ts'
import { decodeAt, placesOf, rewrite } from './rewrite.ts'
import { decode } from './decode.ts'
import { RawDocuments } from './writer.ts'
import type { Collection } from '../engine/collection.ts'
import { tableRange } from '../engine/keyspace.ts'

const name = fc.constantFrom('a', 'b', 'c', 'd')
const document = fc.dictionary(name, arbitraryValue).map((fields): Document => ({ _id: new ObjectId(), ...fields }))
const update = fc.oneof(
  fc.dictionary(name, arbitraryValue, { minKeys: 1 }).map((fields): Document => ({ $set: fields })),
  fc.tuple(name, name, arbitraryValue).map(([a, b, value]): Document => ({ $unset: { [a]: 1 }, $set: { [b]: value } })),
  fc.tuple(name, name).map(([a, b]): Document => ({ $rename: { [a]: b } })),
  fc.tuple(name, fc.integer()).map(([a, n]): Document => ({ $inc: { [`${a}.x`]: new Int32(n) } })),
)

describe('an update of stored bytes', () => {
  it('writes what the update of the whole document gives, from only the fields that it looks at', () => {
    fc.assert(
      fc.property(document, update, (stored, change) => {
        const bytes = encode(stored)
        let whole: Document
        try {
          whole = compileUpdate(change).apply(decode(bytes))
        } catch (error) {
          fc.pre(!(error instanceof CommandError))
          throw error
        }
        const { fields, apply } = compileUpdate(change)
        const places = fields && placesOf(bytes, fields)
        if (!places) throw new Error('no fields')
        const part = decodeAt(bytes, places)
        expect(rewrite(bytes, places, part, apply(part)).equals(encode(whole))).toBe(true)
        expect(rewrite(bytes, places, decode(bytes), whole).equals(encode(whole))).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  it('is of the whole document where a field is there twice', () => {
    const twice = Buffer.concat([encode({ _id: 1, a: 1 }).subarray(0, -1), encode({ a: 2 }).subarray(4)])
    twice.writeInt32LE(twice.length, 0)
    expect(placesOf(twice, new Set(['_id', 'a']))).toBeUndefined()
    expect(placesOf(twice, new Set(['_id', 'b']))?.size).toBe(1)
  })

  it('leaves each field in its place, also one that is called as a number', async () => {
    const database = startInProcess()
    const { engine } = database.server
    const named = Buffer.concat([encode({ _id: 1, b: 1 }).subarray(0, -1), encode({ 7: 1 }).subarray(4)])
    named.writeInt32LE(named.length, 0)
    await database.command({ insert: 'c', documents: new RawDocuments([named]), $db: 'places' })
    await database.command({ update: 'c', updates: [{ q: { _id: 1 }, u: { $inc: { b: 1 } } }], $db: 'places' })
    const { table } = engine.catalogue.collections.get('places.c') as Collection
    const [stored] = [...engine.store.range(tableRange(table))].map(({ value }) => value.toString('latin1'))
    expect(stored).toMatch(/_id\0.*b\0\x02.*7\0/s)
    await database.stop()
  })
})
