import type { Document } from 'bson'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/raw.ts'
import { relaxed, typed } from '../values/typed-testing.ts'
import { compileProjection } from './index.ts'

const document = { _id: 1, a: { b: 1, c: 2 }, list: [{ x: 1, y: 2 }, { x: 3, y: 4 }, 5], s: 'text', n: [1, 2, 3, 4] }

function project(spec: Document, from: Document = document, filter: Document = {}): string {
  const projection = compileProjection(typed(spec), { filter: typed(filter) })
  const bytes = encode(typed(from))
  return relaxed(decode(projection ? projection(bytes) : bytes))
}

describe('compileProjection', () => {
  it.each<[Document, string]>([
    [{}, relaxed(typed(document))],
    [{ s: 1, 'a.c': 1 }, '{"_id":1,"a":{"c":2},"s":"text"}'],
    [{ a: { c: 1 }, _id: 0 }, '{"a":{"c":2}}'],
    [{ 'list.x': 1, _id: 0 }, '{"list":[{"x":1},{"x":3}]}'],
    [{ 's.x': 1 }, '{"_id":1}'],
    [{ 'list.x': 0, n: 0, a: false }, '{"_id":1,"list":[{"y":2},{"y":4},5],"s":"text"}'],
    [{ _id: 1 }, '{"_id":1}'],
    [{ _id: 0, a: 0, list: 0, n: 0 }, '{"s":"text"}'],
    [{ _id: 1, a: 0, list: 0, n: 0 }, '{"_id":1,"s":"text"}'],
    [{ n: { $slice: 2 }, s: 1 }, '{"_id":1,"s":"text","n":[1,2]}'],
    [{ n: { $slice: [1, 2] }, a: 0, list: 0 }, '{"_id":1,"s":"text","n":[2,3]}'],
    [{ n: { $slice: [-3, 2] }, _id: 0, s: 1 }, '{"s":"text","n":[2,3]}'],
    [{ n: { $slice: -1 }, a: 0, list: 0, s: 0 }, '{"_id":1,"n":[4]}'],
    [{ list: { $elemMatch: { x: { $gt: 1 } } } }, '{"_id":1,"list":[{"x":3,"y":4}]}'],
    [{ list: { $elemMatch: { x: 3 } }, s: 1 }, '{"_id":1,"s":"text","list":[{"x":3,"y":4}]}'],
    [{ list: { $elemMatch: { x: 3 } }, a: 0, s: 0 }, '{"_id":1,"list":[{"x":3,"y":4}],"n":[1,2,3,4]}'],
    [{ n: { $elemMatch: { $gt: 9 } } }, '{"_id":1}'],
    [{ up: { $toUpper: '$s' }, s: 1, lit: 'constant' }, '{"_id":1,"s":"text","up":"TEXT","lit":"constant"}'],
    [{ 'list.z': '$s', _id: 0 }, '{"list":[{"z":"text"},{"z":"text"},{"z":"text"}]}'],
    [{ 'new.deep': 1, m: { k: '$s' } }, '{"_id":1,"m":{"k":"text"}}'],
    [{ gone: '$missing' }, '{"_id":1}'],
    [{ part: { $slice: ['$n', 1] } }, '{"_id":1,"part":[1]}'],
  ])('%j', (spec, expected) => {
    expect(project(spec)).toBe(expected)
  })

  it.each<[Document, Document, string]>([
    [{ 'list.$': 1 }, { 'list.x': 3 }, '{"_id":1,"list":[{"x":3,"y":4}]}'],
    [{ 'n.$': 1, s: 1 }, { n: { $gt: 2 } }, '{"_id":1,"s":"text","n":[3]}'],
    [{ 'list.x.$': 1 }, { 'list.x': 3 }, '{"_id":1,"list":[{"x":3}]}'],
    [{ 'a.b.$': 1 }, {}, '{"_id":1,"a":{"b":1}}'],
    [{ 'n.$': 1 }, { $or: [{ n: 3 }, { n: 2 }] }, '{"_id":1,"n":[2]}'],
  ])('%j by %j', (spec, filter, expected) => {
    expect(project(spec, document, filter)).toBe(expected)
  })

  it.each<[Document, number, string]>([
    [{ a: 1, s: 0 }, 31254, 'Cannot do exclusion on field s in inclusion projection'],
    [{ a: 0, s: 1 }, 31253, 'Cannot do inclusion on field s in exclusion projection'],
    [{ a: 1, 'a.b': 1 }, 31249, 'Path collision at a.b'],
    [{ 'a.b': 1, a: 1 }, 31250, 'Path collision at a'],
    [{ a: 0, b: { $add: [1, 1] } }, 31252, 'exclusion projection'],
    [{ a: {} }, 51270, 'empty sub-projection'],
    [{ a: { $meta: 'textScore' } }, 238, 'MONGODB_URI'],
    [{ a: { $nope: 1 } }, 31325, 'Unknown expression $nope'],
    [{ a: { $add: [{ $nope: 1 }] } }, 168, "Unrecognized expression '$nope'"],
    [{ 'n.$': 1, 's.$': 1 }, 31276, 'more than one positional projection'],
    [{ 'n.$': 1, s: { $elemMatch: { a: 1 } } }, 31255, 'positional operator and $elemMatch'],
    [{ 'n.$.x': 1 }, 31394, 'in the middle of a path'],
    [{ 'n.$': 0 }, 31395, 'cannot be used with exclusion'],
    [{ 'n.$': { $slice: 1 } }, 31271, 'cannot be used with an expression or sub object'],
    [{ 'n.$': 1, s: 0 }, 31254, 'Cannot do exclusion on field s in inclusion projection'],
    [{ n: { $elemMatch: { $expr: true } } }, 2, 'can only be applied to the top-level document'],
    [{ n: { $elemMatch: { $jsonSchema: {} } } }, 224, 'is not allowed in this context'],
    [{ 'a.': 1 }, 40353, "must not end with a '.'"],
  ])('refuses %j with %i', (spec, code, message) => {
    expect(() => project(spec)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as unknown }),
    )
  })

  it.each<[Document, Document, number]>([
    [{ 'n.$': 1 }, {}, 51246],
    [{ 'n.$': 1 }, { $or: [{ n: 2 }, { s: 'text' }] }, 51246],
    [{ 'list.$': 1 }, { n: 4 }, 51247],
  ])('fails on %j by %j with %i', (spec, filter, code) => {
    expect(() => project(spec, document, filter)).toThrow(expect.objectContaining({ code }))
  })

  it('cuts arrays on the way to $slice, and not those in them', () => {
    const nested = { a: [{ b: [1, 2] }, [{ b: [1, 2] }], 5] }
    expect(project({ 'a.b': { $slice: 1 } }, nested)).toBe('{"a":[{"b":[1]},[{"b":[1,2]}],5]}')
    expect(project({ 'a.b': { $slice: 1 }, c: 1 }, nested)).toBe('{"a":[{"b":[1]},[{"b":[1,2]}]]}')
  })
})
