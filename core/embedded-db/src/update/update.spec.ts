import { BSONRegExp, Decimal128, type Document, Double, Int32, Long, ObjectId, Timestamp } from 'bson'
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
  ['unsets fields, and array elements to null', { $unset: { a: '', 'b.1': '', c: '', 'd.e': '' } }, { a: 1, b: [1, 2, 3], d: 5 }, '{"b":[1,null,3],"d":5}'],
  ['renames across depths', { $rename: { a: 'z.y', m: 'n' } }, { a: 1, n: 2 }, '{"n":2,"z":{"y":1}}'],
  ['takes the least and the greatest', { $min: { a: 1, b: 9, c: 5 }, $max: { d: 1, e: 9 } }, { a: 3, b: 3, d: 3, e: 3 }, '{"a":1,"b":3,"d":3,"e":9,"c":5}'],
  ['orders $max by type', { $max: { a: 'x' } }, { a: 5 }, '{"a":"x"}'],
  ['combines bits', { $bit: { a: { and: 10 }, b: { or: 5 }, c: { xor: 5 } } }, { a: 13, b: 2, c: 1 }, '{"a":8,"b":7,"c":4}'],
  ['pushes one', { $push: { a: 1 } }, {}, '{"a":[1]}'],
  ['pushes with $each, $sort and $slice', { $push: { a: { $each: [3, 1, 2], $sort: 1, $slice: -2 } } }, { a: [5] }, '{"a":[3,5]}'],
  ['pushes documents sorted by a field', { $push: { a: { $each: [{ s: 1 }], $sort: { s: -1 } } } }, { a: [{ s: 0 }, { s: 2 }] }, '{"a":[{"s":2},{"s":1},{"s":0}]}'],
  ['pushes at a position, also from the end', { $push: { a: { $each: [9], $position: -1 }, b: { $each: [9], $position: 0 } } }, { a: [1, 2], b: [1] }, '{"a":[1,9,2],"b":[9,1]}'],
  ['empties with $slice 0', { $push: { a: { $each: [], $slice: 0 } } }, { a: [1] }, '{"a":[]}'],
  ['adds to a set what is not there', { $addToSet: { a: { $each: [2, 3, 3] } } }, { a: [1, 2] }, '{"a":[1,2,3]}'],
  ['adds documents to a set by order of fields', { $addToSet: { a: { y: 1, x: 1 } } }, { a: [{ x: 1, y: 1 }] }, '{"a":[{"x":1,"y":1},{"y":1,"x":1}]}'],
  ['pops from both ends', { $pop: { a: 1, b: -1, c: 1 } }, { a: [1, 2], b: [1, 2], c: [] }, '{"a":[1],"b":[2],"c":[]}'],
  ['pulls a value', { $pull: { a: 1 } }, { a: [1, 2, 1, [1]] }, '{"a":[2,[1]]}'],
  ['pulls by operators', { $pull: { a: { $gte: 2, $ne: 3 } } }, { a: [1, 2, 3, 4] }, '{"a":[1,3]}'],
  ['pulls documents by a query', { $pull: { a: { b: 1, c: { $gt: 1 } } } }, { a: [{ b: 1, c: 1 }, { b: 1, c: 2 }, { b: 2, c: 2 }] }, '{"a":[{"b":1,"c":1},{"b":2,"c":2}]}'],
  ['pulls with $or', { $pull: { a: { $or: [{ b: 1 }, { b: 3 }] } } }, { a: [{ b: 1 }, { b: 2 }, { b: 3 }] }, '{"a":[{"b":2}]}'],
  ['pulls by a pattern', { $pull: { a: new BSONRegExp('^x', '') } }, { a: ['xa', 'b'] }, '{"a":["b"]}'],
  ['pulls all listed values', { $pullAll: { a: [1, { b: 1 }] } }, { a: [1, 2, { b: 1 }, { b: 1, c: 1 }] }, '{"a":[2,{"b":1,"c":1}]}'],
  ['leaves $setOnInsert out of updates', { $setOnInsert: { a: 1 }, $set: { b: 1 } }, {}, '{"b":1}'],
  ['changes an element of an array of documents by position', { $set: { 'a.1.b': 5 } }, { a: [{ b: 1 }, { b: 2 }] }, '{"a":[{"b":1},{"b":5}]}'],
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
    ['int and decimal give decimal', { $inc: { a: Decimal128.fromString('0.10') } }, { a: 1 }, '{"a":{"$numberDecimal":"1.10"}}'],
    ['$mul gives a zero of its type', { $mul: { a: Long.fromNumber(2) } }, {}, '{"a":{"$numberLong":"0"}}'],
    ['$mul of decimals keeps their digits', { $mul: { a: 2 } }, { a: Decimal128.fromString('1.10') }, '{"a":{"$numberDecimal":"2.20"}}'],
    ['long stays long', { $inc: { a: 1 } }, { a: Long.fromNumber(1) }, '{"a":{"$numberLong":"2"}}'],
    ['a set field has the type that was given', { $set: { a: new Double(1) } }, { a: 1 }, '{"a":{"$numberDouble":"1.0"}}'],
  ])('%s', (_name, change, document, expected) => {
    expect(canonical(update(change, document))).toBe(expected)
  })

  it.each<[Document, Document, number, string]>([
    [{ $foo: { a: 1 } }, {}, 9, 'Unknown modifier: $foo'],
    [{ $set: 5 }, {}, 9, 'Modifiers operate on fields but we found type int'],
    [{ $set: { a: 1 }, $inc: { 'a.b': 1 } }, {}, 40, "Updating the path 'a.b' would create a conflict at 'a'"],
    [{ $set: { a: 1 }, $unset: { a: 1 } }, {}, 40, "Updating the path 'a' would create a conflict at 'a'"],
    [{ $set: { 'a..b': 1 } }, {}, 56, 'empty field name'],
    [{ $set: { 'a.$x': 1 } }, {}, 52, "dollar ($) prefixed field '$x'"],
    [{ a: 1, $set: { b: 1 } }, {}, 52, 'dollar ($) prefixed'],
    [{ $set: { a: 1 }, b: 1 }, {}, 9, 'Unknown modifier: b'],
    [{ $inc: { a: 'x' } }, {}, 14, 'Cannot increment with non-numeric argument: {a: "x"}'],
    [{ $push: { a: { $each: 1 } } }, {}, 2, 'must be an array but it was of type: int'],
    [{ $push: { a: { $each: [1], $foo: 1 } } }, {}, 2, 'Unrecognized clause in $push: $foo'],
    [{ $pop: { a: 2 } }, {}, 9, '$pop expects 1 or -1'],
    [{ $pullAll: { a: 1 } }, {}, 2, '$pullAll requires an array argument'],
    [{ $pull: { a: { $nope: 1 } } }, {}, 2, 'unknown operator: $nope'],
    [{ $rename: { a: 1 } }, {}, 2, "must be a string"],
    [{ $currentDate: { a: 'x' } }, {}, 2, 'is not valid type for $currentDate'],
    [{ $bit: { a: { nand: 1 } } }, {}, 2, "only supports 'and', 'or', and 'xor'"],
    [{ $set: { 'a.$[x]': 1 } }, {}, 2, "No array filter found for identifier 'x'"],
    [{ $set: { '$.a': 1 } }, {}, 2, 'first position'],
  ])('refuses %j before any document is seen', (change, _document, code, message) => {
    expect(() => compileUpdate(typed(change))).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) as unknown }))
  })

  it.each<[Document, Document, number, string]>([
    [{ $set: { 'a.b': 1 } }, { a: 5 }, 28, "Cannot create field 'b' in element {a: 5}"],
    [{ $set: { 'a.b': 1 } }, { a: null }, 28, "Cannot create field 'b' in element {a: null}"],
    [{ $set: { 'a.b': 1 } }, { a: [1] }, 28, "Cannot create field 'b' in element {a: [ 1 ]}"],
    [{ $inc: { a: 1 } }, { _id: 1, a: 'x' }, 14, "Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field 'a' of non-numeric type string"],
    [{ $inc: { a: 1 } }, { _id: 1, a: Long.MAX_VALUE }, 2, 'Failed to apply $inc operations to current value ((NumberLong)9223372036854775807)'],
    [{ $push: { a: 1 } }, { _id: 1, a: 1 }, 2, "The field 'a' must be an array but is of type int in document {_id: 1}"],
    [{ $addToSet: { a: 1 } }, { a: 1 }, 2, 'non-array type int'],
    [{ $pop: { a: 1 } }, { a: 1 }, 14, "Path 'a' contains an element of non-array type 'int'"],
    [{ $pull: { a: 1 } }, { a: 1 }, 2, 'Cannot apply $pull to a non-array value'],
    [{ $set: { _id: 2 } }, { _id: 1 }, 66, "would modify the immutable field '_id'"],
    [{ $unset: { _id: 1 } }, { _id: 1 }, 66, "would modify the immutable field '_id'"],
    [{ _id: 2, a: 1 }, { _id: 1 }, 66, "the (immutable) field '_id' was found to have been altered to _id: 2"],
    [{ $set: { 'a.$.b': 1 } }, { a: [{ b: 0 }] }, 2, 'did not find the match needed'],
    [{ $set: { 'a.$[]': 1 } }, {}, 2, "The path 'a' must exist in the document in order to apply array updates."],
    [{ $set: { 'a.$[]': 1 } }, { a: 1 }, 2, 'Cannot apply array updates to non-array element a: 1'],
    [{ $rename: { 'a.b': 'c' } }, { _id: 1, a: [{ b: 1 }] }, 2, 'cannot be an array element'],
  ])('%j on %j fails with %i', (change, document, code, message) => {
    expect(() => update(change, document)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) as unknown }))
  })

  it('answers the same document when nothing changes', () => {
    const document = typed({ _id: 1, a: 1, b: [1, 2], c: { d: 1 } })
    for (const change of [{ $set: { a: 1, 'c.d': 1 } }, { $unset: { x: 1, 'c.x': 1 } }, { $addToSet: { b: 1 } }, { $pull: { b: 9 } }, { $max: { a: 0 } }, { $set: { _id: 1 } }, { _id: 1, a: 1, b: [1, 2], c: { d: 1 } }]) {
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
})

describe('the positional operators', () => {
  it.each<[string, Document, Document, UpdateOptions, string]>([
    ['$ by a field of the elements', { $set: { 'a.$.q': 9 } }, { a: [{ b: 1 }, { b: 2 }] }, { filter: { 'a.b': 2 } }, '{"a":[{"b":1},{"b":2,"q":9}]}'],
    ['$ by a value', { $set: { 'a.$': 9 } }, { a: [5, 6, 6] }, { filter: { a: 6 } }, '{"a":[5,9,6]}'],
    ['$ by $elemMatch', { $inc: { 'a.$.n': 1 } }, { a: [{ x: 1, y: 1 }, { x: 1, y: 2, n: 1 }] }, { filter: { a: { $elemMatch: { x: 1, y: 2 } } } }, '{"a":[{"x":1,"y":1},{"x":1,"y":2,"n":2}]}'],
    ['two $ paths in one $set', { $set: { 'a.$.p': 1, 'a.$.q': 2 } }, { a: [{ b: 1 }] }, { filter: { 'a.b': 1 } }, '{"a":[{"b":1,"p":1,"q":2}]}'],
    ['$ is found before any change', { $set: { 'a.$.b': 5, 'a.0.b': 2 } }, { a: [{ b: 1 }, { b: 2 }] }, { filter: { 'a.b': 2 } }, '{"a":[{"b":2},{"b":5}]}'],
    ['$ inside $and and the branch of $or that holds', { $set: { 'a.$.q': 1 } }, { a: [{ b: 1 }, { b: 2 }] }, { filter: { $and: [{ $or: [{ 'a.b': 1, z: 1 }, { 'a.b': 2 }] }] } }, '{"a":[{"b":1},{"b":2,"q":1}]}'],
    ['$ by the other array’s match for a parallel array', { $set: { 'b.$': 'x' } }, { a: [1, 2], b: ['p', 'q'] }, { filter: { a: 2 } }, '{"a":[1,2],"b":["p","x"]}'],
    ['$[identifier]', { $set: { 'a.$[e].q': 9 } }, { a: [{ b: 1 }, { b: 2 }] }, { arrayFilters: [{ 'e.b': { $gt: 1 } }] }, '{"a":[{"b":1},{"b":2,"q":9}]}'],
    ['$[identifier] for scalars', { $max: { 'a.$[e]': 0 } }, { a: [-1, 2, -3] }, { arrayFilters: [{ e: { $lt: 0 } }] }, '{"a":[0,2,0]}'],
    ['nested identifiers', { $inc: { 'a.$[x].b.$[y]': 1 } }, { a: [{ k: 1, b: [1, 5] }, { k: 2, b: [5] }] }, { arrayFilters: [{ 'x.k': 1 }, { y: { $gt: 2 } }] }, '{"a":[{"k":1,"b":[1,6]},{"k":2,"b":[5]}]}'],
    ['$[] with an identifier beside', { $set: { 'a.$[].r': 1, 'a.$[x].q': 2 } }, { a: [{ b: 1 }, { b: 2 }] }, { arrayFilters: [{ 'x.b': 2 }] }, '{"a":[{"b":1,"r":1},{"b":2,"r":1,"q":2}]}'],
  ])('%s', (_name, change, document, given, expected) => {
    expect(relaxed(update(change, document, given))).toBe(expected)
  })

  it('refuses filters that are unused or doubled', () => {
    expect(() => update({ $set: { a: 1 } }, {}, { arrayFilters: [{ x: 1 }] })).toThrow(expect.objectContaining({ code: 9, message: expect.stringContaining('was not used') as unknown }))
    expect(() => update({ $set: { 'a.$[x]': 1 } }, {}, { arrayFilters: [{ x: 1 }, { x: 2 }] })).toThrow('Found multiple array filters')
  })
})

describe('a pipeline update', () => {
  it('computes from the document and keeps the types it does not touch', () => {
    const updated = update([{ $set: { b: { $add: ['$a', 1] } } }, { $unset: 'c' }], { _id: 1, a: new Double(1), c: 1, d: Long.fromNumber(1) })
    expect(canonical(updated)).toBe('{"_id":{"$numberInt":"1"},"a":{"$numberDouble":"1.0"},"d":{"$numberLong":"1"},"b":{"$numberDouble":"2.0"}}')
  })

  it('refuses other stages, unknown ones, and a changed _id', () => {
    expect(() => compileUpdate([{ $match: {} }])).toThrow(expect.objectContaining({ code: 72 }))
    expect(() => compileUpdate([{ $nope: {} }])).toThrow(expect.objectContaining({ code: 40324 }))
    expect(() => update([{ $set: { _id: 2 } }], { _id: 1 })).toThrow(expect.objectContaining({ code: 66 }))
  })
})

describe('insert', () => {
  function insert(change: Document | Document[], filter: Document, id?: unknown): string {
    return relaxed(compileUpdate(Array.isArray(change) ? change.map(typed) : typed(change), { filter: typed(filter), upsert: true }).insert(id))
  }

  it.each<[Document | Document[], Document, string]>([
    [{ $set: { z: 1 }, $setOnInsert: { k: 2 } }, { _id: 9, 'a.b': 3, c: { $gt: 1 }, $and: [{ d: { $eq: 4 } }] }, '{"_id":9,"a":{"b":3},"d":4,"k":2,"z":1}'],
    [{ $inc: { n: 1 } }, { _id: 1, n: 5 }, '{"_id":1,"n":6}'],
    [{ $set: { a: 1 } }, { _id: { $in: [3] }, x: { $in: [1, 2] }, y: { $all: [7] } }, '{"_id":3,"y":7,"a":1}'],
    [{ $set: { _id: 4 } }, { a: 1 }, '{"_id":4,"a":1}'],
    [{ x: 1 }, { _id: 5, a: 1 }, '{"_id":5,"x":1}'],
    [[{ $set: { b: { $add: ['$a', 1] } } }], { _id: 1, a: 1 }, '{"_id":1,"a":1,"b":2}'],
    [{ $set: { a: 1 } }, { _id: 1, $or: [{ b: 2 }] }, '{"_id":1,"b":2,"a":1}'],
  ])('%j upserted by %j', (change, filter, expected) => {
    expect(insert(change, filter)).toBe(expected)
  })

  it('gives a new _id first, or the one it is given', () => {
    const inserted = compileUpdate({ $set: { a: new Int32(1) } }, { filter: {} }).insert()
    expect(Object.keys(inserted)).toEqual(['_id', 'a'])
    expect(inserted._id).toBeInstanceOf(ObjectId)
    expect(insert({ $set: { a: 1 } }, {}, new Int32(3))).toBe('{"_id":3,"a":1}')
  })

  it('refuses equalities that meet', () => {
    expect(() => insert({ $set: { z: 1 } }, { a: 1, $and: [{ a: 2 }] })).toThrow(expect.objectContaining({ code: 54 }))
  })
})
