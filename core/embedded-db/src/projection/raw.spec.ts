import { type Document, Int32 } from 'bson'
import fc from 'fast-check'
import { compileConstantScope } from '../aggregate/constant-scope.ts'
import { decode } from '../bson/decode.ts'
import { encode, frame } from '../bson/raw.ts'
import { BsonType } from '../bson/types.ts'
import { bsonValues } from '../testing/arbitraries.ts'
import { compileProjection, compileProjectStage } from './index.ts'

const name = fc.constantFrom('a', 'b', 'c', 'd')
const paths = fc.uniqueArray(
  fc.oneof(
    name,
    fc.tuple(name, name).map((two) => two.join('.')),
  ),
  { minLength: 1, maxLength: 4 },
)

/** Names for one of which another stands before its dot would collide. */
const apart = (all: readonly string[]): boolean => !all.some((path) => all.includes(path.slice(0, path.indexOf('.'))))

function bytesOf(from: Document, spec: Document): Buffer {
  return compileProjection(spec)?.(encode(from)) ?? encode(from)
}

describe('a projection of stored bytes', () => {
  it('keeps what the projection of the decoded document keeps', () => {
    const { scope, variables } = compileConstantScope({})
    fc.assert(
      fc.property(fc.dictionary(name, bsonValues), paths.filter(apart), fc.constantFrom(0, 1), (from, fields, flag) => {
        const spec = Object.fromEntries(fields.map((path) => [path, new Int32(flag)]))
        const expected = compileProjectStage(spec, scope)(from, variables)
        expect(bytesOf(from, spec).equals(encode(expected))).toBe(true)
      }),
    )
  })

  it('keeps fields in the order of the document, also those that are called by numbers', () => {
    const element = (field: string): Buffer => encode({ [field]: new Int32(1) }).subarray(4, -1)
    const stored = frame(['x', '2', 'y', '1'].map(element))
    const projected = compileProjection({ y: new Int32(0) })?.(stored)
    expect(projected?.equals(frame(['x', '2', '1'].map(element)))).toBe(true)
  })

  it('reads no further than the document, and counts the elements of an array that does not', () => {
    const item = Buffer.concat([Buffer.of(BsonType.object, 0), encode({ a: 1, b: 2 })])
    const stored = frame([Buffer.of(BsonType.array, 0x6c, 0), frame(new Array<Buffer>(12).fill(item))])
    const lent = Buffer.concat([stored, Buffer.alloc(8, 0xff)])
    const projected = compileProjection({ 'l.b': new Int32(0) })?.(lent)
    const expected = encode({ l: new Array<Document>(12).fill({ a: 1 }) })
    expect(projected?.equals(expected)).toBe(true)
    expect(decode(expected).l).toHaveLength(12)
  })
})
