import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'

describe('a write with w: 0 whose reply is read all the same', () => {
  const database = startInProcess()
  afterAll(() => database.stop())

  const ordinary = (body: Document): Document => ({ ...body, $db: 'quiet' })
  const replacesMany = { q: {}, u: { a: 1 }, multi: true }
  const duplicate = { _id: 1 }

  it.each<[Document, Document]>([
    [ordinary({ insert: 'c', documents: [duplicate, duplicate] }), { n: 0, ok: 1 }],
    [ordinary({ update: 'c', updates: [replacesMany] }), { n: 0, nModified: 0, ok: 1 }],
    [ordinary({ delete: 'c', deletes: [{ q: {}, limit: 0 }] }), { n: 0, ok: 1 }],
    [{ bulkWrite: 1, ops: [{ insert: 0, document: duplicate }], nsInfo: [{ ns: 'quiet.d' }], $db: 'admin' }, { ok: 1 }],
  ])('is told neither numbers nor errors: %j', async (body, answer) => {
    const reply = await database.command({ ...body, writeConcern: { w: 0 } })
    const times = { $clusterTime: expect.anything() as unknown, operationTime: expect.anything() as unknown }
    expect(reply).toEqual({ ...answer, ...times })
  })

  it('is told everything with j: true', async () => {
    const insert = ordinary({ insert: 'e', documents: [duplicate, duplicate], writeConcern: { w: 0, j: true } })
    expect(await database.command(insert)).toMatchObject({ n: 1, writeErrors: [{ code: 11000 }] })
  })
})
