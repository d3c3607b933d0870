import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'

describe('dropIndexes', () => {
  const server = startInProcess()
  afterAll(() => server.stop())
  const send = (command: Document): Promise<Document> => server.command({ ...command, $db: 'shop' })
  const names = async (): Promise<unknown[]> =>
    ((await send({ listIndexes: 'rows' })).cursor as { firstBatch: Document[] }).firstBatch.map(
      ({ name }) => name as unknown,
    )

  beforeEach(async () => {
    await send({ drop: 'rows' })
    const indexes = [
      { key: { a: 1 }, name: 'a' },
      { key: { a: 1 }, name: 'a sparse', sparse: true },
      { key: { b: 1 }, name: 'b' },
    ]
    await send({ createIndexes: 'rows', indexes })
  })

  it.each<[unknown, number]>([
    [undefined, 40414],
    [5, 14],
    [[{ b: 1 }], 14],
    ['other', 27],
    [{ other: 1 }, 27],
    [['b', 'other'], 27],
    ['_id_', 72],
    [['b', '_id_'], 72],
    [{ a: 1 }, 181],
  ])('drops nothing for %j', async (index, code) => {
    expect(await send({ dropIndexes: 'rows', ...(index !== undefined && { index }) })).toMatchObject({ ok: 0, code })
    expect(await names()).toEqual(['_id_', 'a', 'a sparse', 'b'])
  })

  it.each<[unknown, string[]]>([
    [{ b: 1 }, ['_id_', 'a', 'a sparse']],
    [
      ['a', 'b'],
      ['_id_', 'a sparse'],
    ],
    ['*', ['_id_']],
  ])('drops %j', async (index, left) => {
    expect(await send({ dropIndexes: 'rows', index })).toMatchObject({ ok: 1, nIndexesWas: 4 })
    expect(await names()).toEqual(left)
  })
})

describe('createIndexes', () => {
  const server = startInProcess()
  afterAll(() => server.stop())
  const send = (command: Document): Promise<Document> => server.command({ ...command, $db: 'shop' })
  const make = (index: Document, more: Document = {}) => send({ createIndexes: 'rows', indexes: [index], ...more })

  it.each<[Document, number]>([
    [{ v: '2' }, 14],
    [{ storageEngine: 5 }, 14],
    [{ collation: 5 }, 14],
    [{ other: 1 }, 197],
  ])('does not take %j', async (options, code) => {
    expect(await make({ key: { a: 1 }, name: 'a', ...options })).toMatchObject({ ok: 0, code })
  })

  it('leaves out what it does not know when it is told to', async () => {
    const index = { key: { a: 1 }, name: 'a', other: 1 }
    expect(await make(index, { ignoreUnknownIndexOptions: true })).toMatchObject({ ok: 1 })
    const { cursor } = await send({ listIndexes: 'rows' })
    expect((cursor as { firstBatch: Document[] }).firstBatch[1]).toEqual({ v: 2, key: { a: 1 }, name: 'a' })
  })

  it('hashes no array that is there before the index', async () => {
    await send({ insert: 'hashes', documents: [{ h: [1] }] })
    const indexes = [{ key: { h: 'hashed' }, name: 'h' }]
    expect(await send({ createIndexes: 'hashes', indexes })).toMatchObject({ ok: 0, code: 16766 })
  })
})
