import { Int32, ObjectId } from 'bson'
import type { Document } from 'bson'
import { decode } from '../bson/decode.ts'
import { BsonWriter } from '../bson/writer.ts'
import { describeChange } from './update-description.ts'

/** What the oplog keeps of a change, read again. */
function described(before: Document, after: Document, touched?: string[][]): Document {
  const writer = new BsonWriter()
  writer.document(describeChange(before, after, touched))
  return decode(writer.finish())
}

const id = new ObjectId('0123456789abcdef01234567')
const list = [new Int32(1), { x: new Int32(2) }, id]
const updated = (fields: Document): Document => expect.objectContaining({ updatedFields: fields }) as Document

describe('the description of an update', () => {
  it.each<[string, Document, Document, Document]>([
    ['a new field', {}, { a: id }, { a: id }],
    ['a field in a document', { a: { b: 'x', c: true } }, { a: { b: 'y', c: true } }, { 'a.b': 'y' }],
    [
      'elements that were added',
      { a: { b: list } },
      { a: { b: [...list, 'x', null] } },
      { 'a.b.3': 'x', 'a.b.4': null },
    ],
    ['an element', { a: list }, { a: [list[0], { x: 'y' }, id] }, { 'a.1.x': 'y' }],
    ['a field called __proto__', {}, JSON.parse('{"__proto__":"x"}') as Document, JSON.parse('{"__proto__":"x"}')],
    ['an array most of which is other', { a: list }, { a: ['x', 'y', id] }, { a: ['x', 'y', id] }],
  ])('names %s', (_, before, after, fields) => {
    expect(described(before, after)).toEqual(updated(fields))
  })

  it('names what operators touched as they wrote it', () => {
    const after = { a: ['x', 'y', id], b: [...list, 'x'] }
    expect(described({ a: list, b: list }, after, [['a', '0'], ['a', '1'], ['b']])).toEqual(
      updated({ 'a.0': 'x', 'a.1': 'y', b: after.b }),
    )
  })

  it('tells paths apart that are written alike', () => {
    const { updatedFields, disambiguatedPaths } = described({ a: { '0': list } }, { a: { '0': [...list, 'x'] } })
    expect(updatedFields).toEqual({ 'a.0.3': 'x' })
    expect(disambiguatedPaths).toEqual({ 'a.0.3': ['a', '0', new Int32(3)] })
  })

  it('tells the new length of an array that was cut', () => {
    expect(described({ a: list }, { a: list.slice(0, 2) })).toMatchObject({
      updatedFields: {},
      truncatedArrays: [{ field: 'a', newSize: new Int32(2) }],
    })
  })

  it('names each of very many elements', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => i)
    const { updatedFields } = described({ a: [] }, { a: many }, [])
    expect(Object.keys(updatedFields as Document)).toHaveLength(many.length)
  })
})
