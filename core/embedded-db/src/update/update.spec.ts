import { BSONRegExp, Decimal128, type Document, Double, Long, Timestamp } from 'bson'
import { canonical, relaxed, typed } from '../values/typed-testing.ts'
import { compileUpdate, type UpdateOptions } from './index.ts'

function options(given: UpdateOptions): UpdateOptions {
  return { ...given, filter: given.filter && typed(given.filter), arrayFilters: given.arrayFilters?.map(typed) }
}

function update(change: Document | Document[], document: Document, given: UpdateOptions = {}): Document {
  const compiled = compileUpdate(Array.isArray(change) ? change.map(typed) : typed(change), options(given))
  return compiled.apply(typed(document))
}

const values: [name: string, change: Document, document: Document, expected: string][] = [
  ['adds new fields in the order of their names', { $set: { b: 1, a: 2 } }, { _id: 1 }, '{"_id":1,"a":2,"b":1}'],
  ['orders numeric names by value', { $set: { 'a.10': 1, 'a.9': 2 } }, { a: {} }, '{"a":{"9":2,"10":1}}'],
  ['keeps the place of fields that exist', { $set: { a: 9 } }, { b: 1, a: 2, c: 3 }, '{"b":1,"a":9,"c":3}'],
  ['creates embedded documents on the way', { $set: { 'a.b.c': 1 } }, {}, '{"a":{"b":{"c":1}}}'],
  ['makes a document, not an array, for a number in a missing field', { $set: { 'a.0': 1 } }, {}, '{"a":{"0":1}}'],
  ['fills arrays with nulls', { $set: { 'a.3': 1 } }, { a: [0] }, '{"a":[0,null,null,1]}'],
  [
    'unsets fields, and array elements to null',
    { $unset: { a: '', 'b.1': '', c: '', 'd.e': '' } },
    { a: 1, b: [1, 2, 3], d: 5 },
    '{"b":[1,null,3],"d":5}',
  ],
  [
    'renames nothing that is not there',
    { $rename: { 'a.9': 'x', 'a.0.z': 'y' } },
    { a: [{ b: 1 }] },
    '{"a":[{"b":1}]}',
  ],
  ['renames across depths', { $rename: { a: 'z.y', m: 'n' } }, { a: 1, n: 2 }, '{"n":2,"z":{"y":1}}'],
  [
    'takes the least and the greatest',
    { $min: { a: 1, b: 9, c: 5 }, $max: { d: 1, e: 9 } },
    { a: 3, b: 3, d: 3, e: 3 },
    '{"a":1,"b":3,"d":3,"e":9,"c":5}',
  ],
  ['orders $max by type', { $max: { a: 'x' } }, { a: 5 }, '{"a":"x"}'],
  [
    'combines bits',
    { $bit: { a: { and: 10 }, b: { or: 5 }, c: { xor: 5 } } },
    { a: 13, b: 2, c: 1 },
    '{"a":8,"b":7,"c":4}',
  ],
  ['pushes one', { $push: { a: 1 } }, {}, '{"a":[1]}'],
  [
    'pushes with $each, $sort and $slice',
    { $push: { a: { $each: [3, 1, 2], $sort: 1, $slice: -2 } } },
    { a: [5] },
    '{"a":[3,5]}',
  ],
  [
    'pushes documents sorted by a field',
    { $push: { a: { $each: [{ s: 1 }], $sort: { s: -1 } } } },
    { a: [{ s: 0 }, { s: 2 }] },
    '{"a":[{"s":2},{"s":1},{"s":0}]}',
  ],
  [
    'pushes at a position, also from the end',
    { $push: { a: { $each: [9], $position: -1 }, b: { $each: [9], $position: 0 } } },
    { a: [1, 2], b: [1] },
    '{"a":[1,9,2],"b":[9,1]}',
  ],
  ['empties with $slice 0', { $push: { a: { $each: [], $slice: 0 } } }, { a: [1] }, '{"a":[]}'],
  ['adds to a set what is not there', { $addToSet: { a: { $each: [2, 3, 3] } } }, { a: [1, 2] }, '{"a":[1,2,3]}'],
  [
    'adds documents to a set by order of fields',
    { $addToSet: { a: { y: 1, x: 1 } } },
    { a: [{ x: 1, y: 1 }] },
    '{"a":[{"x":1,"y":1},{"y":1,"x":1}]}',
  ],
  ['pops from both ends', { $pop: { a: 1, b: -1, c: 1 } }, { a: [1, 2], b: [1, 2], c: [] }, '{"a":[1],"b":[2],"c":[]}'],
  ['pulls a value', { $pull: { a: 1 } }, { a: [1, 2, 1, [1]] }, '{"a":[2,[1]]}'],
  ['pulls by operators', { $pull: { a: { $gte: 2, $ne: 3 } } }, { a: [1, 2, 3, 4] }, '{"a":[1,3]}'],
  ['pulls arrays of which an element passes', { $pull: { a: { $gte: 2 } } }, { a: [1, [1, 5], [0]] }, '{"a":[1,[0]]}'],
  ['pulls documents, no arrays, by fields', { $pull: { a: { 0: 1 } } }, { a: [[1], { 0: 1 }] }, '{"a":[[1]]}'],
  [
    'pulls documents by a query',
    { $pull: { a: { b: 1, c: { $gt: 1 } } } },
    {
      a: [
        { b: 1, c: 1 },
        { b: 1, c: 2 },
        { b: 2, c: 2 },
      ],
    },
    '{"a":[{"b":1,"c":1},{"b":2,"c":2}]}',
  ],
  [
    'pulls with $or',
    { $pull: { a: { $or: [{ b: 1 }, { b: 3 }] } } },
    { a: [{ b: 1 }, { b: 2 }, { b: 3 }] },
    '{"a":[{"b":2}]}',
  ],
  ['pulls by a pattern', { $pull: { a: new BSONRegExp('^x', '') } }, { a: ['xa', 'b'] }, '{"a":["b"]}'],
  [
    'pulls all listed values',
    { $pullAll: { a: [1, { b: 1 }] } },
    { a: [1, 2, { b: 1 }, { b: 1, c: 1 }] },
    '{"a":[2,{"b":1,"c":1}]}',
  ],
  ['leaves $setOnInsert out of updates', { $setOnInsert: { a: 1 }, $set: { b: 1 } }, {}, '{"b":1}'],
  [
    'changes an element of an array of documents by position',
    { $set: { 'a.1.b': 5 } },
    { a: [{ b: 1 }, { b: 2 }] },
    '{"a":[{"b":1},{"b":5}]}',
  ],
  ['changes all elements with $[]', { $inc: { 'a.$[]': 10 } }, { a: [1, 2] }, '{"a":[11,12]}'],
  ['replaces all but the _id', { x: 1 }, { _id: 7, a: 1 }, '{"_id":7,"x":1}'],
]

describe('compileUpdate', () => {
  it.each(values)('%s', (_name, change, document, expected) => {
    const before = typed(document)
    const compiled = compileUpdate(typed(change))
    expect(relaxed(compiled.apply(before))).toBe(expected)
    expect(relaxed(before)).toBe(relaxed(typed(document)))
  })

  it.each<[string, Document, Document, string]>([
    ['int overflow becomes long', { $inc: { a: 1 } }, { a: 2147483647 }, '{"a":{"$numberLong":"2147483648"}}'],
    ['int and double give double', { $inc: { a: new Double(1.5) } }, { a: 1 }, '{"a":{"$numberDouble":"2.5"}}'],
    [
      'int and decimal give decimal',
      { $inc: { a: Decimal128.fromString('0.10') } },
      { a: 1 },
      '{"a":{"$numberDecimal":"1.10"}}',
    ],
    ['$mul gives a zero of its type', { $mul: { a: Long.fromNumber(2) } }, {}, '{"a":{"$numberLong":"0"}}'],
    [
      '$mul of decimals keeps their digits',
      { $mul: { a: 2 } },
      { a: Decimal128.fromString('1.10') },
      '{"a":{"$numberDecimal":"2.20"}}',
    ],
    ['long stays long', { $inc: { a: 1 } }, { a: Long.fromNumber(1) }, '{"a":{"$numberLong":"2"}}'],
    [
      'a set field has the type that was given',
      { $set: { a: new Double(1) } },
      { a: 1 },
      '{"a":{"$numberDouble":"1.0"}}',
    ],
  ])('%s', (_name, change, document, expected) => {
    expect(canonical(update(change, document))).toBe(expected)
  })

  it.each<[Document, Document, number, string]>([
    [{ $foo: { a: 1 } }, {}, 9, 'Unknown modifier: $foo'],
    [{ $set: 5 }, {}, 9, 'Modifiers operate on fields but we found type int'],
    [{ $set: { a: 1 }, $inc: { 'a.b': 1 } }, {}, 40, "Updating the path 'a.b' would create a conflict at 'a'"],
    [{ $set: { a: 1 }, $unset: { a: 1 } }, {}, 40, "Updating the path 'a' would create a conflict at 'a'"],
    [{ $set: { 'a..b': 1 } }, {}, 56, 'empty field name'],
    [{ $set: { a: 1 }, b: 1 }, {}, 9, 'Unknown modifier: b'],
    [{ $inc: { a: 'x' } }, {}, 14, 'Cannot increment with non-numeric argument: {a: "x"}'],
    [{ $push: { a: { $each: 1 } } }, {}, 2, 'must be an array but it was of type: int'],
    [{ $push: { a: { $each: [1], $foo: 1 } } }, {}, 2, 'Unrecognized clause in $push: $foo'],
    [{ $push: { a: { $each: [1], $sort: {} } } }, {}, 2, 'The $sort pattern is empty'],
    [{ $push: { a: { $each: [1], $sort: { 'a.': 1 } } } }, {}, 2, 'has an empty part'],
    [{ $addToSet: { a: { $each: 1 } } }, {}, 14, 'must be an array but it was of type int'],
    [{ $pull: { a: { $expr: true } } }, {}, 224, '$expr is not allowed in this context'],
    [{ $rename: { 'a.$[]': 'b' } }, {}, 2, 'The source field for $rename may not be dynamic: a.$[]'],
    [{ $rename: { a: 'b.$[]' } }, {}, 2, 'The destination field for $rename may not be dynamic: b.$[]'],
    [{ $set: { '$[].a': 1 } }, {}, 2, "array filter identifier (i.e. '$[<id>]') element in the first position"],
    [{ $pop: { a: 2 } }, {}, 9, '$pop expects 1 or -1'],
    [{ $pullAll: { a: 1 } }, {}, 2, '$pullAll requires an array argument'],
    [{ $pull: { a: { $nope: 1 } } }, {}, 2, 'unknown operator: $nope'],
    [{ $rename: { a: 1 } }, {}, 2, 'must be a string'],
    [{ $currentDate: { a: 'x' } }, {}, 2, 'is not valid type for $currentDate'],
    [{ $bit: { a: { nand: 1 } } }, {}, 2, "only supports 'and', 'or', and 'xor'"],
    [{ $set: { 'a.$[x]': 1 } }, {}, 2, "No array filter found for identifier 'x'"],
    [{ $set: { '$.a': 1 } }, {}, 2, 'first position'],
  ])('refuses %j before any document is seen', (change, _document, code, message) => {
    expect(() => compileUpdate(typed(change))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as unknown }),
    )
  })

  it.each<[Document, Document, number, string]>([
    [{ $set: { $x: 1 } }, {}, 52, "dollar ($) prefixed field '$x' in '$x'"],
    [{ $inc: { '$x.y': 1 } }, { $x: { y: 1 } }, 52, "dollar ($) prefixed field '$x' in '$x'"],
    [{ a: 1, $set: { b: 1 } }, {}, 52, 'dollar ($) prefixed'],
    [{ $set: { 'a.b': 1 } }, { a: 5 }, 28, "Cannot create field 'b' in element {a: 5}"],
    [{ $set: { 'a.b': 1 } }, { a: null }, 28, "Cannot create field 'b' in element {a: null}"],
    [
      { $pop: { 'a.b.c': 1 } },
      { a: { b: 1 } },
      28,
      'Cannot use the part (c) of (a.b.c) to traverse the element ({b: 1})',
    ],
    [{ $pull: { 'a.b': 1 } }, { a: [1] }, 28, 'Cannot use the part (b) of (a.b) to traverse the element ({a: [ 1 ]})'],
    [{ $set: { 'a.b': 1 } }, { a: [1] }, 28, "Cannot create field 'b' in element {a: [ 1 ]}"],
    [
      { $inc: { a: 1 } },
      { _id: 1, a: 'x' },
      14,
      "Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field 'a' of non-numeric type string",
    ],
    [
      { $inc: { a: 1 } },
      { _id: 1, a: Long.MAX_VALUE },
      2,
      'Failed to apply $inc operations to current value ((NumberLong)9223372036854775807)',
    ],
    [
      { $push: { a: 1 } },
      { _id: 1, a: 1 },
      2,
      "The field 'a' must be an array but is of type int in document {_id: 1}",
    ],
    [{ $addToSet: { a: 1 } }, { a: 1 }, 2, 'non-array type int'],
    [{ $pop: { a: 1 } }, { a: 1 }, 14, "Path 'a' contains an element of non-array type 'int'"],
    [{ $pull: { a: 1 } }, { a: 1 }, 2, 'Cannot apply $pull to a non-array value'],
    [{ $pullAll: { a: [1] } }, { a: 1 }, 2, 'Cannot apply $pull to a non-array value'],
    [{ $set: { _id: 2 } }, { _id: 1 }, 66, "would modify the immutable field '_id'"],
    [{ $unset: { _id: 1 } }, { _id: 1 }, 66, "would modify the immutable field '_id'"],
    [{ _id: 2, a: 1 }, { _id: 1 }, 66, "the (immutable) field '_id' was found to have been altered to _id: 2"],
    [{ $set: { 'a.$.b': 1 } }, { a: [{ b: 0 }] }, 2, 'did not find the match needed'],
    [{ $set: { 'a.$[]': 1 } }, {}, 2, "The path 'a' must exist in the document in order to apply array updates."],
    [{ $set: { 'a.$[]': 1 } }, { a: 1 }, 2, 'Cannot apply array updates to non-array element a: 1'],
    [{ $rename: { 'a.0.b': 'c' } }, { _id: 1, a: [{ b: 1 }] }, 2, "has an array field called 'a'"],
    [
      { $rename: { c: 'a.0.b' } },
      { _id: 1, a: [{ b: 1 }], c: 1 },
      2,
      'The destination field cannot be an array element',
    ],
    [{ $rename: { 'a.b': 'c' } }, { _id: 1, a: [{ b: 1 }] }, 28, 'Cannot use the part (b) of (a.b) to traverse'],
    [{ $rename: { 'a.b': 'c' } }, { _id: 1, a: 'x' }, 28, 'to traverse the element ({a: "x"})'],
  ])('%j on %j fails with %i', (change, document, code, message) => {
    expect(() => update(change, document)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) as unknown }),
    )
  })

  it('answers the same document when nothing changes', () => {
    const document = typed({ _id: 1, a: 1, b: [1, 2], c: { d: 1 } })
    for (const change of [
      { $set: { a: 1, 'c.d': 1 } },
      { $unset: { x: 1, 'c.x': 1 } },
      { $unset: { 'a.x': 1, 'b.x': 1 } },
      { $setOnInsert: { 'a.x': 1, 'b.x': 1 } },
      { $pop: { 'b.4.x': 1, 'c.x.y': 1 } },
      { $addToSet: { b: 1 } },
      { $pull: { b: 9 } },
      { $max: { a: 0 } },
      { $set: { _id: 1 } },
      { _id: 1, a: 1, b: [1, 2], c: { d: 1 } },
    ]) {
      expect(compileUpdate(typed(change)).apply(document)).toBe(document)
    }
    expect(compileUpdate([typed({ $set: { a: '$a' } })]).apply(document)).toBe(document)
  })

  it('sets dates and timestamps of the operation', () => {
    const now = new Date(5000)
    const clusterTime = new Timestamp({ t: 5, i: 2 })
    const updated = update({ $currentDate: { a: true, b: { $type: 'timestamp' } } }, {}, { now, clusterTime })
    expect(updated).toEqual({ a: now, b: clusterTime })
    expect(update({ t: new Timestamp({ t: 0, i: 0 }) }, { _id: 1 }, { clusterTime }).t).toEqual(clusterTime)
  })

  it('lets names begin with a dollar sign in what an upsert inserts, below the top level, and where nothing changes', () => {
    const upsert = compileUpdate(typed({ $set: { $x: 1, '$y.z': 2 } }), options({ filter: { a: 1 } }))
    expect(upsert.insert(9)).toEqual({ ...typed({ a: 1, $x: 1, $y: { z: 2 } }), _id: 9 })
    expect(compileUpdate(typed({ a: 1, $x: 1 })).insert(9)).toEqual({ ...typed({ a: 1, $x: 1 }), _id: 9 })
    expect(relaxed(update({ $set: { 'a.$x': 1 }, $unset: { $y: 1 } }, { a: {}, $y: 1 }))).toBe('{"a":{"$x":1}}')
    expect(relaxed(update({ $set: { $x: 1 }, $setOnInsert: { $y: 1 } }, { $x: 1 }))).toBe('{"$x":1}')
  })
})
