import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'

/** What a command is told in full, and no part of it is done, when one of its parts is not to be had. */
describe('a write that is refused', () => {
  const database = startInProcess()
  afterAll(() => database.stop())

  const run = (command: Document): Promise<Document> => database.command({ ...command, $db: 'rules' })
  const update = (statement: Document): Document => ({ update: 'c', updates: [{ q: {}, ...statement }] })

  beforeEach(async () => {
    await run({ delete: 'c', deletes: [{ q: {}, limit: 0 }] })
    await run({ insert: 'c', documents: [{ _id: 1, a: 1 }] })
  })

  async function unchanged(): Promise<void> {
    const { cursor } = await run({ find: 'c' })
    expect((cursor as Document).firstBatch).toEqual([{ _id: 1, a: 1 }])
  }

  const change = { findAndModify: 'c', query: { _id: 1 }, update: { $set: { a: 2 } } }

  it.each<[string, Document, number]>([
    ['a projection that mixes', { ...change, fields: { a: 1, b: 0 } }, 31254],
    ['a projection of what is deleted', { findAndModify: 'c', query: {}, remove: true, fields: { a: {} } }, 51270],
    ['the element of a changed document', { ...change, new: true, fields: { 'a.$': 1 } }, 2],
    ['array filters of a deletion', { findAndModify: 'c', query: {}, remove: true, arrayFilters: [{ x: 1 }] }, 9],
    ['an expression by which to insert', { ...change, query: { _id: 1, $expr: true }, upsert: true }, 224],
  ])('%s', async (_name, command, code) => {
    expect(await run(command)).toMatchObject({ ok: 0, code })
    await unchanged()
  })

  it.each<[string, Document, number]>([
    ['an expression by which to insert', { q: { $and: [{ $expr: true }] }, u: { $set: { a: 2 } }, upsert: true }, 224],
    ['constants of an update that is no pipeline', { u: { $set: { a: 2 } }, c: {} }, 51198],
  ])('%s in an update', async (_name, statement, code) => {
    expect(await run(update(statement))).toMatchObject({ n: 0, writeErrors: [{ code }] })
    await unchanged()
  })

  it.each<[string, Document[], number]>([
    ['an unknown kind', [{ replace: 0 }], 40415],
    ['an unknown field', [{ update: 0, filter: {}, updateMods: { $set: { a: 2 } }, return: 'pre' }], 40415],
    ['no document', [{ insert: 0 }], 40414],
    ['a text for a document', [{ insert: 0, document: 'x' }], 14],
    ['no filter', [{ delete: 0 }], 40414],
    ['a text for an update', [{ update: 0, filter: {}, updateMods: 'x' }], 9],
    ['a namespace that is not listed', [{ insert: 1, document: {} }], 2],
    ['a text for a namespace', [{ insert: 'c', document: {} }], 14],
  ])('%s in a bulkWrite, of which nothing is done', async (_name, ops, code) => {
    const good = { update: 0, filter: {}, updateMods: { $set: { a: 3 } } }
    const command = { bulkWrite: 1, ops: [good, ...ops], nsInfo: [{ ns: 'rules.c' }] }
    expect(await database.command({ ...command, $db: 'admin' })).toMatchObject({ ok: 0, code })
    await unchanged()
  })

  it.each<[string, unknown]>([
    ["can't use an array for _id", [1]],
    ["can't use a regex for _id", /x/],
  ])('says %s of an insert', async (errmsg, _id) => {
    expect(await run({ insert: 'c', documents: [{ _id }] })).toMatchObject({ n: 0, writeErrors: [{ code: 2, errmsg }] })
  })

  it.each<[string, Document, number]>([
    ['a distinct without a key', { distinct: 'c' }, 40414],
    ['a key with NUL', { distinct: 'c', key: 'a\0b' }, 31032],
    ['a pattern that is too long', { find: 'c', filter: { a: { $regex: 'c'.repeat(40_000) } } }, 51091],
    ['a natural order of two', { find: 'c', sort: { $natural: 2 } }, 2],
    ['a natural order beside another', { find: 'c', sort: { $natural: 1, a: 1 } }, 2],
    ['a natural order by an index', { find: 'c', sort: { $natural: 1 }, hint: '_id_' }, 2],
    ['bounds that differ in fields', { find: 'c', min: { _id: 1 }, max: { a: 1 }, hint: '_id_' }, 51176],
    ['a locale that is none', { find: 'c', collation: { locale: 'xx_invalid' } }, 2],
  ])('answers %s with a code of its own', async (_name, command, code) => {
    expect(await run(command)).toMatchObject({ ok: 0, code })
  })

  it('shows by findAndModify what its variables and its collation say', async () => {
    await run(update({ u: { a: ['x', 'Y'] } }))
    const shown = await run({
      ...change,
      query: { a: 'y' },
      fields: { 'a.$': 1, v: '$$v' },
      let: { v: 5 },
      collation: { locale: 'en', strength: 2 },
    })
    expect(shown.value).toEqual({ _id: 1, a: ['Y'], v: 5 })
  })

  it('takes the first or the last as they lie, and counts whole documents', async () => {
    await run({ insert: 'c', documents: [{ _id: 3 }, { _id: 2 }] })
    for (const [$natural, _id] of [
      [1, 1],
      [-1, 2],
    ])
      expect(await run({ findAndModify: 'c', update: { $set: { b: 1 } }, sort: { $natural } })).toMatchObject({
        value: { _id },
      })
    expect(await run({ count: 'c', limit: 1.7 })).toMatchObject({ n: 1 })
  })

  it('takes array filters of a replacement, which name nothing in it', async () => {
    expect(await run(update({ u: { a: 5 }, arrayFilters: [{ x: 1 }] }))).toMatchObject({ n: 1, nModified: 1 })
    expect(await run(update({ u: { a: 6 }, arrayFilters: [{ x: 1, y: 1 }] }))).toMatchObject({
      writeErrors: [{ code: 9 }],
    })
  })

  it('is of the collection that the UUID names, or is refused', async () => {
    const { cursor } = await run({ listCollections: 1, filter: { name: 'c' } })
    const [{ info }] = (cursor as Document).firstBatch as [Document]
    const collectionUUID = (info as Document).uuid as unknown
    expect(await run({ insert: 'c', documents: [{ _id: 2 }], collectionUUID })).toMatchObject({ n: 1 })
    for (const command of [{ insert: 'd', documents: [{}] }, { find: 'd' }, { count: 'd' }])
      expect(await run({ ...command, collectionUUID })).toMatchObject({
        code: 361,
        db: 'rules',
        expectedCollection: 'd',
        actualCollection: 'c',
      })
  })

  it('takes the constants of a pipeline as values', async () => {
    await run(update({ u: [{ $set: { a: '$$one', b: '$$two' } }], c: { one: '$_id', two: { $add: [1, 2] } } }))
    expect((await run({ find: 'c' })).cursor).toMatchObject({ firstBatch: [{ a: '$_id', b: { $add: [1, 2] } }] })
    const q = { $expr: { $eq: ['$a', '$$one'] } }
    expect(await run(update({ q, u: [{ $unset: 'b' }], c: { one: '$_id' } }))).toMatchObject({ nModified: 1 })
  })
})
