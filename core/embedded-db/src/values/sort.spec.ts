import type { Document } from 'bson'
import { compileSort } from './sort.ts'
import { typed } from './typed-testing.ts'

function sorted(spec: Document, documents: Document[]): unknown[] {
  return documents
    .map(typed)
    .sort(compileSort(typed(spec)))
    .map((document) => Number(document._id))
}

describe('compileSort', () => {
  it('takes the least element ascending and the greatest descending', () => {
    const documents = [
      { _id: 1, a: [5, 10] },
      { _id: 2, a: 7 },
      { _id: 3, a: [1, 20] },
    ]
    expect(sorted({ a: 1 }, documents)).toEqual([3, 1, 2])
    expect(sorted({ a: -1 }, documents)).toEqual([3, 1, 2])
  })

  it('puts empty arrays before null, and null with missing', () => {
    expect(sorted({ a: 1, _id: 1 }, [{ _id: 1, a: 0 }, { _id: 2 }, { _id: 3, a: null }, { _id: 4, a: [] }])).toEqual([
      4, 2, 3, 1,
    ])
  })

  it('reads paths through arrays of documents', () => {
    expect(
      sorted({ 'a.b': -1 }, [
        { _id: 1, a: [{ b: 1 }, { b: 3 }] },
        { _id: 2, a: { b: 2 } },
      ]),
    ).toEqual([1, 2])
  })

  it('refuses directions other than 1 and -1, and $meta', () => {
    expect(() => compileSort({ a: 2 })).toThrow(expect.objectContaining({ code: 15975 }))
    expect(() => compileSort({ a: { $meta: 'textScore' } })).toThrow(expect.objectContaining({ code: 238 }))
  })
})
