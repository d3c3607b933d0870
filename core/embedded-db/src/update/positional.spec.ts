import { type Document, Double, Int32, Long, ObjectId } from 'bson'
import { canonical, relaxed, typed } from '../values/typed-testing.ts'
import { compileUpdate, type UpdateOptions } from './index.ts'

function options(given: UpdateOptions): UpdateOptions {
  return { ...given, filter: given.filter && typed(given.filter), arrayFilters: given.arrayFilters?.map(typed) }
}

function update(change: Document | Document[], document: Document, given: UpdateOptions = {}): Document {
  const compiled = compileUpdate(Array.isArray(change) ? change.map(typed) : typed(change), options(given))
  return compiled.apply(typed(document))
}

describe('the positional operators', () => {
  it.each<[string, Document, Document, UpdateOptions, string]>([
    [
      '$ by a field of the elements',
      { $set: { 'a.$.q': 9 } },
      { a: [{ b: 1 }, { b: 2 }] },
      { filter: { 'a.b': 2 } },
      '{"a":[{"b":1},{"b":2,"q":9}]}',
    ],
    ['$ by a value', { $set: { 'a.$': 9 } }, { a: [5, 6, 6] }, { filter: { a: 6 } }, '{"a":[5,9,6]}'],
    [
      '$ by $elemMatch',
      { $inc: { 'a.$.n': 1 } },
      {
        a: [
          { x: 1, y: 1 },
          { x: 1, y: 2, n: 1 },
        ],
      },
      { filter: { a: { $elemMatch: { x: 1, y: 2 } } } },
      '{"a":[{"x":1,"y":1},{"x":1,"y":2,"n":2}]}',
    ],
    [
      'two $ paths in one $set',
      { $set: { 'a.$.p': 1, 'a.$.q': 2 } },
      { a: [{ b: 1 }] },
      { filter: { 'a.b': 1 } },
      '{"a":[{"b":1,"p":1,"q":2}]}',
    ],
    [
      '$ is found before any change',
      { $set: { 'a.$.b': 5, 'a.0.b': 2 } },
      { a: [{ b: 1 }, { b: 2 }] },
      { filter: { 'a.b': 2 } },
      '{"a":[{"b":2},{"b":5}]}',
    ],
    [
      '$ inside $and, and by alternatives for one field',
      { $set: { 'a.$.q': 1 } },
      { a: [{ b: 1 }, { b: 2 }] },
      { filter: { $and: [{ $or: [{ 'a.b': 3 }, { 'a.b': { $eq: 2 } }] }] } },
      '{"a":[{"b":1},{"b":2,"q":1}]}',
    ],
    [
      '$ as the name of a field where there is no array',
      { $set: { 'b.$': 'x', 'c.d.$': 'y' } },
      { a: [1, 2], b: {} },
      { filter: { a: 2 } },
      '{"a":[1,2],"b":{"1":"x"},"c":{"d":{"1":"y"}}}',
    ],
    [
      '$ by the other array’s match for a parallel array',
      { $set: { 'b.$': 'x' } },
      { a: [1, 2], b: ['p', 'q'] },
      { filter: { a: 2 } },
      '{"a":[1,2],"b":["p","x"]}',
    ],
    [
      '$[identifier]',
      { $set: { 'a.$[e].q': 9 } },
      { a: [{ b: 1 }, { b: 2 }] },
      { arrayFilters: [{ 'e.b': { $gt: 1 } }] },
      '{"a":[{"b":1},{"b":2,"q":9}]}',
    ],
    [
      '$[identifier] for scalars',
      { $max: { 'a.$[e]': 0 } },
      { a: [-1, 2, -3] },
      { arrayFilters: [{ e: { $lt: 0 } }] },
      '{"a":[0,2,0]}',
    ],
    [
      'nested identifiers',
      { $inc: { 'a.$[x].b.$[y]': 1 } },
      {
        a: [
          { k: 1, b: [1, 5] },
          { k: 2, b: [5] },
        ],
      },
      { arrayFilters: [{ 'x.k': 1 }, { y: { $gt: 2 } }] },
      '{"a":[{"k":1,"b":[1,6]},{"k":2,"b":[5]}]}',
    ],
    [
      '$[] with an identifier beside',
      { $set: { 'a.$[].r': 1, 'a.$[x].q': 2 } },
      { a: [{ b: 1 }, { b: 2 }] },
      { arrayFilters: [{ 'x.b': 2 }] },
      '{"a":[{"b":1,"r":1},{"b":2,"q":2,"r":1}]}',
    ],
  ])('%s', (_name, change, document, given, expected) => {
    expect(relaxed(update(change, document, given))).toBe(expected)
  })

  it.each<[Document, Document, Document[], string]>([
    [{ 'a.$[i]': 0, 'a.$': 0 }, { a: [0] }, [{ i: 0 }], "Updating the path 'a.$' would create a conflict at 'a'"],
    [{ 'a.$[i]': 0, 'a.b': 0 }, { a: [0] }, [{ i: 0 }], "Updating the path 'a.b' would create a conflict at 'a'"],
    [
      { 'a.$[i].b.$[k].c': 1, 'a.$[j].b.$[k].c': 2 },
      { a: [{ x: 0, b: [{ y: 0 }] }] },
      [{ 'i.x': 0 }, { 'j.x': 0 }, { 'k.y': 0 }],
      "Update created a conflict at 'a.0.b.$[k].c'",
    ],
    [
      { 'a.$[i].b.$[k].c': 1, 'a.$[j].b.$[m].c': 2 },
      { a: [{ x: 0, b: [{ y: 0 }] }] },
      [{ 'i.x': 0 }, { 'j.x': 0 }, { 'k.y': 0 }, { 'm.y': 0 }],
      "Update created a conflict at 'a.0.b.0.c'",
    ],
  ])('refuses $set of %j, which sets one field twice', (set, document, arrayFilters, message) => {
    expect(() => update({ $set: set }, document, { arrayFilters })).toThrow(
      expect.objectContaining({ code: 40, message }),
    )
  })

  it('goes into one element by two filters that change different fields of it', () => {
    const change = { $set: { 'a.$[i].b.$[k].c': 1, 'a.$[j].b.$[k].d': 2 } }
    const arrayFilters = [{ 'i.x': 0 }, { 'j.x': 0 }, { 'k.y': 0 }]
    expect(relaxed(update(change, { a: [{ x: 0, b: [{ y: 0 }] }] }, { arrayFilters }))).toBe(
      '{"a":[{"x":0,"b":[{"y":0,"c":1,"d":2}]}]}',
    )
  })

  it.each<[Document, number]>([
    [{ 'x.b': 5, $expr: { $eq: ['$x.b', 5] } }, 224],
    [{ x: 1, $jsonSchema: {} }, 224],
    [{ x: 1, $where: 'true' }, 2],
    [{ x: 1, $text: { $search: 'a' } }, 2],
    [{ $x: 1 }, 2],
  ])('refuses the array filter %j with %i', (filter, code) => {
    expect(() => update({ $set: { 'a.$[x]': 1 } }, {}, { arrayFilters: [filter] })).toThrow(
      expect.objectContaining({ code }),
    )
  })

  it('refuses filters that are unused or doubled', () => {
    expect(() => update({ $set: { a: 1 } }, {}, { arrayFilters: [{ x: 1 }] })).toThrow(
      expect.objectContaining({ code: 9, message: expect.stringContaining('was not used') as unknown }),
    )
    expect(() => update({ $set: { 'a.$[x]': 1 } }, {}, { arrayFilters: [{ x: 1 }, { x: 2 }] })).toThrow(
      'Found multiple array filters',
    )
  })
})

describe('a pipeline update', () => {
  it('computes from the document and keeps the types it does not touch', () => {
    const updated = update([{ $set: { b: { $add: ['$a', 1] } } }, { $unset: 'c' }], {
      _id: 1,
      a: new Double(1),
      c: 1,
      d: Long.fromNumber(1),
    })
    expect(canonical(updated)).toBe(
      '{"_id":{"$numberInt":"1"},"a":{"$numberDouble":"1.0"},"d":{"$numberLong":"1"},"b":{"$numberDouble":"2.0"}}',
    )
  })

  it('refuses other stages, unknown ones, and a changed _id', () => {
    expect(() => compileUpdate([{ $match: {} }])).toThrow(expect.objectContaining({ code: 72 }))
    expect(() => compileUpdate([{ $nope: {} }])).toThrow(expect.objectContaining({ code: 40324 }))
    expect(() => update([{ $set: { _id: 2 } }], { _id: 1 })).toThrow(expect.objectContaining({ code: 66 }))
  })
})

it.each<[Document, Document]>([
  [{ a: 1 }, { a: 1 }],
  [{ a: { b: 1 } }, { 'a.b': 1 }],
  [{ c: 1 }, { c: 1 }],
  [{ a: [1, 2], c: 1 }, { $or: [{ a: 2 }, { c: 3 }] }],
  [{ a: [1, 2], c: 1 }, { $or: [{ a: 2, c: 1 }, { a: 1 }] }],
])('refuses $ in %j, where the filter %j has matched no element', (document, filter) => {
  expect(() => update({ $set: { 'a.$': 5 } }, document, { filter })).toThrow(
    'The positional operator did not find the match needed from the query.',
  )
})

describe('insert', () => {
  function insert(change: Document | Document[], filter: Document, id?: unknown): string {
    return relaxed(
      compileUpdate(Array.isArray(change) ? change.map(typed) : typed(change), {
        filter: typed(filter),
        upsert: true,
      }).insert(id),
    )
  }

  it.each<[Document | Document[], Document, string]>([
    [
      { $set: { z: 1 }, $setOnInsert: { k: 2 } },
      { _id: 9, 'a.b': 3, c: { $gt: 1 }, $and: [{ d: { $eq: 4 } }] },
      '{"_id":9,"a":{"b":3},"d":4,"k":2,"z":1}',
    ],
    [{ $inc: { n: 1 } }, { _id: 1, n: 5 }, '{"_id":1,"n":6}'],
    [{ $set: { a: 1 } }, { _id: { $in: [3] }, x: { $in: [1, 2] }, y: { $all: [7] } }, '{"_id":3,"y":7,"a":1}'],
    [{ $set: { _id: 4 } }, { a: 1 }, '{"_id":4,"a":1}'],
    [{ x: 1 }, { _id: 5, a: 1 }, '{"_id":5,"x":1}'],
    [[{ $set: { b: { $add: ['$a', 1] } } }], { _id: 1, a: 1 }, '{"_id":1,"a":1,"b":2}'],
    [{ $set: { a: 1 } }, { _id: 1, $or: [{ b: 2 }] }, '{"_id":1,"b":2,"a":1}'],
    [{ $set: { a: 1 } }, { _id: 1, $or: [{ b: 2 }, { b: 2 }] }, '{"_id":1,"b":2,"a":1}'],
    [{ $set: { a: 1 } }, { _id: 1, $or: [{ b: 2 }, { b: 3 }] }, '{"_id":1,"a":1}'],
  ])('%j upserted by %j', (change, filter, expected) => {
    expect(insert(change, filter)).toBe(expected)
  })

  it('gives a new _id first, or the one it is given', () => {
    const inserted = compileUpdate({ $set: { a: new Int32(1) } }, { filter: {} }).insert()
    expect(Object.keys(inserted)).toEqual(['_id', 'a'])
    expect(inserted._id).toBeInstanceOf(ObjectId)
    expect(insert({ $set: { a: 1 } }, {}, new Int32(3))).toBe('{"_id":3,"a":1}')
  })

  it('has no position to insert at', () => {
    expect(() => insert({ $set: { 'a.$': 5 } }, { a: 1 })).toThrow('The positional operator did not find the match')
  })

  it.each<[Document, Document, number]>([
    [{ $set: { z: 1 } }, { a: 1, $and: [{ a: 2 }] }, 54],
    [{ $set: { z: 1 } }, { a: { $all: [1, 2] } }, 54],
    [{ z: 1 }, { _id: { $all: [1, 2] } }, 54],
    [{ z: 1 }, { '_id.x': 1, '_id.y': 2 }, 111],
  ])('refuses %j upserted by %j with %i', (change, filter, code) => {
    expect(() => insert(change, filter)).toThrow(expect.objectContaining({ code }))
  })
})
