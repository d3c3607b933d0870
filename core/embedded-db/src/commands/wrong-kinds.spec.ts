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
    ['no documents to insert', { insert: 'c', documents: [] }, 16],
    ['a text as an update', update({ u: 'x' }), 9],
    ['null as an update', update({ u: null }), 9],
    ['a text as arrayFilters', update({ arrayFilters: 'x' }), 14],
    ['numbers in arrayFilters', update({ arrayFilters: [1] }), 14],
    ['null as a hint', update({ hint: null }), 9],
    ['a number as the hint of a find', { find: 'c', hint: 5 }, 9],
    ['a number as the update of findAndModify', { findAndModify: 'c', update: 5 }, 9],
    ['a text for ordered', { insert: 'c', documents: [{}], ordered: 'x' }, 14],
    ['a text for whether validation is left out', { ...update({}), bypassDocumentValidation: 'x' }, 14],
    ['a number as the sort of findAndModify', { findAndModify: 'c', update: {}, sort: 5 }, 14],
    ['a text for new', { findAndModify: 'c', update: {}, new: 'yes' }, 14],
    ['a text for remove', { findAndModify: 'c', remove: 'yes' }, 14],
    ['a list for upsert', { findAndModify: 'c', update: {}, upsert: [1] }, 14],
    ['a number of updates', { update: 'c', updates: 5 }, 14],
    ['a text for capped', { create: 'k', capped: 'x' }, 14],
    ['a text for nameOnly', { listCollections: 1, nameOnly: 'x' }, 14],
    ['a text for singleBatch', { find: 'c', singleBatch: 'x' }, 14],
    ['a number for a collation', { find: 'c', collation: 5 }, 14],
    ['a text for allowDiskUse', { aggregate: 'c', pipeline: [], cursor: {}, allowDiskUse: 'x' }, 14],
    ['a session without id', { endSessions: [{}] }, 40414],
    ['a session that is none', { endSessions: ['x'] }, 14],
    ['a text as maxTimeMS', { ping: 1, maxTimeMS: 'x' }, 14],
    ['a text as the cluster time', { ping: 1, $clusterTime: 'x' }, 14],
    ['a cluster time that is no timestamp', { find: 'c', $clusterTime: { clusterTime: {} } }, 14],
    ['a part of a millisecond', { find: 'c', maxTimeMS: 1.5 }, 9],
    ['a negative time', { find: 'c', maxTimeMS: -1 }, 2],
    ['a time that is too long', { count: 'c', maxTimeMS: 2 ** 31 }, 2],
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

  it.each<[string, Document, number]>([
    ['an unknown field', update({ foo: 1 }), 40415],
    ['no filter', { update: 'c', updates: [{ u: { $set: { b: 1 } } }] }, 40414],
    ['no update', { update: 'c', updates: [{ q: {} }] }, 40414],
    ['a number for a filter', update({ q: 5 }), 14],
    ['a text for an update', update({ u: 'x' }), 9],
    ['a pipeline of numbers', update({ u: [1] }), 14],
    ['a number for arrayFilters', update({ arrayFilters: 1 }), 14],
    ['a number for multi', update({ multi: 1 }), 14],
    ['a text for upsert', update({ upsert: 'x' }), 14],
    ['null for a hint', update({ hint: null }), 9],
    ['a number for a collation', { delete: 'c', deletes: [{ q: {}, limit: 0, collation: 5 }] }, 14],
    ['no limit', { delete: 'c', deletes: [{ q: {} }] }, 40414],
    ['another limit', { delete: 'c', deletes: [{ q: {}, limit: 2 }] }, 9],
  ])('does nothing at all for a statement with %s', async (_name, body, code) => {
    const [field = ''] = Object.keys(body).filter((name) => name.endsWith('s'))
    const good: Document = field === 'updates' ? { q: {}, u: { $set: { x: 1 } } } : { q: {}, limit: 0 }
    const statements = [good, ...(body[field] as Document[])]
    expect(await database.command({ ...body, [field]: statements, $db: 'kinds' })).toMatchObject({ ok: 0, code })
    expect(await database.command({ count: 'c', query: { x: { $exists: false } }, $db: 'kinds' })).toMatchObject({
      n: 1,
    })
  })

  it('takes numbers for the flags of findAndModify', async () => {
    const change = { findAndModify: 'c', query: { _id: 1 }, update: { $set: { a: 1 } }, new: 1, upsert: 0 }
    expect(await database.command({ ...change, $db: 'kinds' })).toMatchObject({ ok: 1, value: { _id: 1 } })
  })

  it('takes null for what a statement leaves out', async () => {
    const nothing = { multi: null, upsert: null, collation: null, sort: null, c: null, arrayFilters: null }
    expect(await database.command({ ...update(nothing), $db: 'kinds' })).toMatchObject({ ok: 1, n: 1 })
  })

  it.each<[string, Document[], number]>([
    ['an unknown stage', [{ $foo: 1 }], 40324],
    ['two names in a stage', [{ $set: { y: 1 }, $unset: 'a' }], 40323],
  ])('fails an update as a whole for %s, and keeps what was done before', async (_name, u, code) => {
    const updates = [
      { q: {}, u: { $inc: { done: 1 } } },
      { q: {}, u },
    ]
    expect(await database.command({ update: 'c', updates, $db: 'kinds' })).toMatchObject({ ok: 0, code })
    const { value } = await database.command({ findAndModify: 'c', update: { $unset: { done: 1 } }, $db: 'kinds' })
    expect(value).toMatchObject({ done: 1 })
  })

  it('fails only the statement for a stage that updates do not allow', async () => {
    const updates = [{ q: {}, u: [{ $match: {} }] }]
    expect(await database.command({ update: 'c', updates, $db: 'kinds' })).toMatchObject({
      ok: 1,
      writeErrors: [{ index: 0, code: 72 }],
    })
  })
})
