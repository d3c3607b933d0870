import type { Document } from 'bson'
import { relaxed, typed } from '../values/typed-testing.ts'
import { compileProjection } from './index.ts'

const document = { _id: 1, a: { b: 1, c: 2 }, list: [{ x: 1, y: 2 }, { x: 3, y: 4 }, 5], s: 'text', n: [1, 2, 3, 4] }

function project(spec: Document, from: Document = document, filter: Document = {}): string {
  return relaxed(compileProjection(typed(spec), { filter: typed(filter) })(typed(from)))
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
    [{ 'a.': 1 }, 40353, "must not end with a '.'"],
  ])('refuses %j with %i', (spec, code, message) => {
    expect(() => project(spec)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as unknown }),
    )
  })

  it('fails when the positional operator has no match', () => {
    expect(() => project({ 'n.$': 1 })).toThrow(expect.objectContaining({ code: 51246 }))
  })
})
