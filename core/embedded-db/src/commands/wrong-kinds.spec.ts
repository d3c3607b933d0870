import { Binary } from 'bson'
import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'

const lsid = { id: new Binary(Buffer.alloc(16, 1), Binary.SUBTYPE_UUID) }
const update = (part: Document): Document => ({ update: 'c', updates: [{ q: {}, u: { $set: { b: 1 } }, ...part }] })

describe('an argument of a kind that the command does not take', () => {
  const database = startInProcess()
  afterAll(() => database.stop())
  beforeAll(() => database.command({ insert: 'c', documents: [{ _id: 1, a: 1 }], $db: 'kinds' }))

  it.each<[string, Document, number]>([
    ['a text as an update', update({ u: 'x' }), 9],
    ['null as an update', update({ u: null }), 9],
    ['a text as arrayFilters', update({ arrayFilters: 'x' }), 14],
    ['numbers in arrayFilters', update({ arrayFilters: [1] }), 14],
    ['null as a hint', update({ hint: null }), 9],
    ['a number as the hint of a find', { find: 'c', hint: 5 }, 9],
    ['a number as the update of findAndModify', { findAndModify: 'c', update: 5 }, 9],
    ['a session without id', { endSessions: [{}] }, 14],
    ['a fraction as a transaction number', { ...update({}), lsid, txnNumber: 1.5 }, 14],
    ['a number for a session', { refreshSessions: [1] }, 14],
    ['an index name with NUL', { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a\0b' }] }, 67],
    [
      'a field name with NUL',
      { aggregate: 'c', pipeline: [{ $set: { x: { $arrayToObject: [[['a\0', 1]]] } } }], cursor: {} },
      4940400,
    ],
  ])('answers %s with a code of its own', async (_name, body, code) => {
    const reply = await database.command({ ...body, $db: 'kinds' })
    const [error] = (reply.writeErrors ?? [reply]) as Document[]
    expect(error).toMatchObject({ code })
  })
})
