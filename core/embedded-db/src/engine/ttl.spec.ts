import { Binary, Long } from 'bson'
import type { Document } from 'bson'
import { startInProcess } from '../testing/in-process.ts'
import { sweepExpired } from './ttl.ts'

describe('the removal of expired documents', () => {
  it('does not wait for a transaction that holds one', async () => {
    const database = startInProcess()
    const send = (body: Document) => database.command({ ...body, $db: String(body.$db ?? 'own') })
    const lsid = { id: new Binary(Buffer.alloc(16, 9), Binary.SUBTYPE_UUID) }
    const inTransaction = { lsid, txnNumber: Long.fromNumber(1), autocommit: false }
    const index = { key: { at: 1 }, name: 'ttl', expireAfterSeconds: 1 }
    await send({ createIndexes: 'c', indexes: [index] })
    await send({ insert: 'c', documents: [1, 2, 3].map((_id) => ({ _id, at: new Date(0) })) })
    const update = { update: 'c', updates: [{ q: { _id: 2 }, u: { $set: { kept: true } } }] }
    await send({ ...update, ...inTransaction, startTransaction: true })
    expect(await sweepExpired(database.server.engine)).toBe(2)
    await send({ commitTransaction: 1, ...inTransaction, $db: 'admin' })
    expect(await sweepExpired(database.server.engine)).toBe(1)
    expect(await send({ validate: 'c' })).toMatchObject({ valid: true, errors: [] })
    await database.stop()
  }, 10_000)

  it('takes from a time series what its time says', async () => {
    const database = startInProcess()
    const send = (body: Document) => database.command({ ...body, $db: 'own' })
    await send({ create: 'kpi', timeseries: { timeField: 'at' }, expireAfterSeconds: 60 })
    await send({ insert: 'kpi', documents: [0, 0, Date.now()].map((ms) => ({ at: new Date(ms) })) })
    expect(await sweepExpired(database.server.engine)).toBe(2)
    expect(await send({ count: 'kpi' })).toMatchObject({ n: 1 })
    await database.stop()
  })
})
