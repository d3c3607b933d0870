import { startInProcess } from '../testing/in-process.ts'

describe('$merge', () => {
  it('puts many documents into one commit', async () => {
    const database = startInProcess()
    const send = (command: object) => database.command({ ...command, $db: 'merged' })
    const documents = Array.from({ length: 1000 }, (_, i) => ({ _id: i, n: i }))
    await send({ insert: 'rows', documents })
    await send({ insert: 'into', documents: documents.slice(0, 500) })
    const write = jest.spyOn(database.server.engine.store, 'write')
    expect(
      await send({ aggregate: 'rows', pipeline: [{ $set: { n: -1 } }, { $merge: 'into' }], cursor: {} }),
    ).toMatchObject({ ok: 1 })
    expect(write.mock.calls.length).toBeLessThan(500)
    expect(await send({ count: 'into', query: { n: -1 } })).toMatchObject({ n: 1000 })
    await database.stop()
  })

  it.each(['discard', 'fail'])('makes no collection where nothing is put: %s', async (whenNotMatched) => {
    const database = startInProcess()
    const send = (command: object) => database.command({ ...command, $db: 'merged' })
    try {
      await send({ insert: 'rows', documents: [{}] })
      await send({ aggregate: 'rows', pipeline: [{ $merge: { into: 'none', whenNotMatched } }], cursor: {} })
      const { cursor } = await send({ listCollections: 1, nameOnly: true })
      expect((cursor as { firstBatch: unknown }).firstBatch).toEqual([{ name: 'rows', type: 'collection' }])
    } finally {
      await database.stop()
    }
  })
})
