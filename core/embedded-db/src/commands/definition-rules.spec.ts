import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'

describe('a definition', () => {
  const database = startInProcess()
  afterAll(() => database.stop())

  const run = (command: Document): Promise<Document> => database.command({ ...command, $db: 'rules' })
  const view = { create: 'v', viewOn: 'c', pipeline: [{ $match: { a: 1 } }] }

  beforeAll(async () => {
    await run({ create: 'c' })
    await run(view)
  })

  it.each<[string, Document, number]>([
    ['a document for the stages of a view', { create: 'w', viewOn: 'c', pipeline: {} }, 14],
    ['a number for what a view is on', { create: 'w', viewOn: 1 }, 14],
    ['a capped view', { create: 'w', viewOn: 'c', capped: true, size: 1000 }, 72],
    ['a view with an _id index', { create: 'w', viewOn: 'c', idIndex: { key: { _id: 1 }, name: '_id_' } }, 72],
    ['other stages for a view that there is', { ...view, pipeline: [] }, 48],
    ['a change to stages that are none', { collMod: 'v', pipeline: {} }, 14],
    ['a view that expires', { collMod: 'v', expireAfterSeconds: 1 }, 72],
    ['plans of a view', { planCacheClear: 'v' }, 166],
    ['a size though it is not capped', { create: 'w', size: 256 }, 72],
    ['a limit though it is not capped', { create: 'w', capped: false, max: 1 }, 72],
    ['no flag for what is about to go', { listCollections: 1, includePendingDrops: {} }, 14],
    ['an _id index that is a number', { create: 'w', idIndex: 1 }, 14],
    ['an _id index without a key', { create: 'w', idIndex: {} }, 9],
    ['an _id index on another field', { create: 'w', idIndex: { key: { a: 1 }, name: '_id_' } }, 2],
    ['a sparse _id index', { create: 'w', idIndex: { key: { _id: 1 }, name: '_id_', sparse: true } }, 197],
    [
      'an _id index of another collation',
      {
        create: 'w',
        collation: { locale: 'fr' },
        idIndex: { key: { _id: 1 }, name: '_id_', collation: { locale: 'en' } },
      },
      2,
    ],
    ['a collation without a locale', { create: 'w', collation: {} }, 40414],
    ['a locale that is none', { create: 'w', collation: { locale: 'x_invalid' } }, 2],
    ['a collation of another version', { create: 'w', collation: { locale: 'en', version: '1' } }, 161],
    ['a validator that runs code', { create: 'w', validator: { $where: 'true' } }, 2],
    ['a validator that searches', { collMod: 'c', validator: { $text: { $search: 'a' } } }, 2],
  ])('is refused that has %s', async (_name, command, code) => {
    expect(await run(command)).toMatchObject({ ok: 0, code })
  })

  it('of a view may be repeated', async () => {
    expect(await run(view)).toMatchObject({ ok: 1 })
  })

  it('in Canadian French orders accents from the end', async () => {
    await run({ create: 'fr', collation: { locale: 'fr_CA' } })
    const { cursor } = await run({ listCollections: 1, filter: { name: 'fr' } })
    expect(cursor).toMatchObject({ firstBatch: [{ options: { collation: { locale: 'fr_CA', backwards: true } } }] })
    await run({ insert: 'fr', documents: [{ _id: 'coté' }, { _id: 'côte' }] })
    expect(await run({ find: 'fr', sort: { _id: 1 } })).toMatchObject({
      cursor: { firstBatch: [{ _id: 'côte' }, { _id: 'coté' }] },
    })
  })
})
