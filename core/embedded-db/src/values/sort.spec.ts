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

  it('takes the keys of several fields from the same element of an array', () => {
    const documents = [
      {
        _id: 1,
        a: [
          { b: 4, c: 1 },
          { b: 1, c: 2 },
        ],
      },
      {
        _id: 2,
        a: [
          { b: 2, c: 1 },
          { b: 4, c: 2 },
        ],
      },
      { _id: 3, a: { b: 5, c: 1 } },
      { _id: 4, a: [] },
    ]
    expect(sorted({ 'a.c': 1, 'a.b': 1 }, documents)).toEqual([4, 2, 1, 3])
    expect(sorted({ 'a.c': -1, 'a.b': 1 }, documents)).toEqual([1, 2, 3, 4])
    expect(
      sorted({ a: 1, b: 1 }, [
        { _id: 1, a: [2, 3], b: 1 },
        { _id: 2, a: 2, b: [0] },
        { _id: 3, a: [] },
      ]),
    ).toEqual([3, 2, 1])
  })

  it('refuses fields that lead to different arrays', () => {
    for (const document of [
      { a: [], b: [1] },
      { a: { b: [1], c: [2] }, b: 1 },
    ])
      expect(() => sorted({ a: 1, b: 1, 'a.b': 1, 'a.c': 1 }, [document, document])).toThrow(
        expect.objectContaining({ code: 2, message: 'cannot sort with keys that are parallel arrays' }),
      )
  })

  it('takes what a position names as it is, and what a name leads to apart', () => {
    const items = [{ x: [[5]] }, { x: [6] }, { x: ['zz'] }, { x: [[4]] }].map((item, _id) => ({ _id, ...item }))
    expect(sorted({ 'x.0': 1 }, items)).toEqual([1, 2, 3, 0])
    expect(sorted({ 'x.0': -1 }, items)).toEqual([0, 3, 2, 1])
    const inner = items.map(({ _id, x }) => ({ _id, y: { x } }))
    expect(sorted({ 'y.x.0': 1 }, inner)).toEqual([1, 2, 3, 0])
    const named = [{ x: [{ y: [1, 2] }] }, { x: { y: 6 } }, { x: { y: 'zz' } }, { x: [{ y: [4] }] }]
    expect(
      sorted(
        { 'x.0.y': 1, _id: 1 },
        named.map((item, _id) => ({ _id, ...item })),
      ),
    ).toEqual([1, 2, 0, 3])
  })

  it('refuses a number that is a position and a field', () => {
    const ambiguous = [{ x: [{ 0: 5 }] }, { x: [{ a: 5 }, { 0: 6 }] }]
    for (const document of ambiguous)
      expect(() => sorted({ 'x.0': 1 }, [document, document])).toThrow(expect.objectContaining({ code: 16746 }))
    expect(
      sorted({ 'x.1': 1 }, [
        { _id: 1, x: [{ 1: 5 }] },
        { _id: 2, x: [{ 1: 4 }] },
      ]),
    ).toEqual([2, 1])
    expect(
      sorted({ 'x.0': 1 }, [
        { _id: 1, x: [{ '00': 5 }] },
        { _id: 2, x: [1] },
      ]),
    ).toEqual([2, 1])
  })

  it('refuses directions other than 1 and -1, and $meta', () => {
    expect(() => compileSort({ a: 2 })).toThrow(expect.objectContaining({ code: 15975 }))
    expect(() => compileSort({ a: 'up' })).toThrow(
      expect.objectContaining({ code: 15974, message: 'Illegal key in $sort specification: a: "up"' }),
    )
    for (const [path, code] of Object.entries({ '': 40352, 'a.': 40353, 'a..b': 15998, $a: 16410 }))
      expect(() => compileSort({ [path]: 1 })).toThrow(expect.objectContaining({ code }))
    expect(() => compileSort({ a: { up: 1 } })).toThrow(expect.objectContaining({ code: 17312 }))
    expect(() => compileSort({ a: { $meta: 'textScore' } })).toThrow(expect.objectContaining({ code: 238 }))
  })
})
