import { BSONSymbol, Decimal128, Double, Int32, Long, ObjectId } from 'bson'
import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'
import { compileMatch } from './index.ts'

const id = new ObjectId('0123456789abcdef01234567')
const values = [null, true, 'a', new Int32(1), new Double(2.5), id, [new Int32(1), new Int32(2)], 'b', 'c', 'c']
const others = [new Decimal128('2.50'), Long.fromNumber(1), new BSONSymbol('a'), { x: new Int32(1) }, 'd']
const whole = [...values, ...others]

describe('$all of many values', () => {
  const each = compileMatch({ $and: values.map((value) => ({ 'a.b': value })) })
  const all = compileMatch({ 'a.b': { $all: values } })

  it.each<[string, Document]>([
    ['all of them', { a: { b: values } }],
    ['all of them and more', { a: { b: whole } }],
    ['equal numbers and texts of other types', { a: { b: [...others, ...values.slice(5), null, true] } }],
    ['all but one', { a: { b: values.slice(1, -2) } }],
    ['null as a missing field of another element', { a: [{ b: values.slice(1) }, { c: new Int32(1) }] }],
    ['each in an element of its own', { a: values.map((b) => ({ b })) }],
    ['an array in the array', { a: { b: [values] } }],
    ['nothing', {}],
    ['one of them', { a: { b: 'a' } }],
  ])('asks for each: %s', (_, document) => {
    expect(all(document)).toBe(each(document))
  })

  it('finds what it asks for', () => {
    expect(all({ a: { b: whole } })).toBe(true)
    expect(all({ a: { b: whole.slice(1) } })).toBe(false)
  })

  it('of one value asks for a value', () => {
    const same = compileMatch({ a: { $all: Array.from({ length: 10 }, () => 'x') } })
    expect([{ a: 'x' }, { a: ['y', 'x'] }, { a: 'y' }, {}].map(same)).toEqual([true, true, false, false])
  })

  it('matched the last of their first places', async () => {
    const database = startInProcess()
    const list = Array.from({ length: 12 }, (_, i) => i)
    await database.command({ insert: 'rows', documents: [{ _id: 1, list: [0, ...list, 3] }], $db: 'test' })
    const updates = [{ q: { list: { $all: list } }, u: { $set: { 'list.$': 'here' } } }]
    expect(await database.command({ update: 'rows', updates, $db: 'test' })).toMatchObject({ nModified: 1 })
    const reply = await database.command({ find: 'rows', $db: 'test' })
    expect(reply).toMatchObject({ cursor: { firstBatch: [{ list: [0, ...list.slice(0, -1), 'here', 3] }] } })
    await database.stop()
  })
})
