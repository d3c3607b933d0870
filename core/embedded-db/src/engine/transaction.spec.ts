import { inProcessBackend } from '../testing/model/backend.ts'
import { startInProcess } from '../testing/in-process.ts'
import { collectionIn } from './catalogue.ts'

describe('an array that a transaction puts into an index', () => {
  it('is known to the stored definition also when another writer is the first to commit one', async () => {
    const database = startInProcess()
    const backend = inProcessBackend(database)
    const insert = (session?: 0) => backend.command('multi', { insert: 'c', documents: [{ a: [1, 2] }] }, session)
    await backend.command('multi', { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a' }] })
    await insert(0)
    await backend.end(0, false)
    await insert()
    const stored = collectionIn(database.server.engine.store, 'multi.c')
    expect(stored?.indexes.map(({ multikey }) => multikey)).toEqual([[false], [true]])
    await database.stop()
  })
})
