import { Long, UUID } from 'bson'
import type { Document } from 'bson'
import { sweepExpired } from '../engine/ttl.ts'
import { startInProcess } from '../testing/in-process.ts'

describe('commands for administrators', () => {
  const server = startInProcess()
  afterAll(() => server.stop())
  const send = (command: Document, $db = 'shop'): Promise<Document> => server.command({ ...command, $db })
  const admin = (command: Document): Promise<Document> => send(command, 'admin')
  const report = async (stage: Document, target: unknown = 1, $db = 'admin'): Promise<Document[]> =>
    ((await send({ aggregate: target, pipeline: [stage], cursor: {} }, $db)).cursor as { firstBatch: Document[] })
      .firstBatch

  it.each<[Document, number]>([
    [{ getLog: 21 }, 14],
    [{ getLog: 'other' }, 96],
    [{ setParameter: 1, logLevel: NaN }, 2],
    [{ setParameter: 1, logLevel: 'much' }, 2],
    [{ aggregate: 'rows', pipeline: [{ $listSessions: {} }], cursor: {} }, 73],
    [{ aggregate: 'rows', pipeline: [{ $listLocalSessions: {} }], cursor: {} }, 73],
    [{ aggregate: 'rows', pipeline: [], cursor: 1 }, 14],
    [{ aggregate: 'rows', pipeline: [], cursor: { batchSize: -1 } }, 51024],
    [{ getMore: Long.ONE }, 40414],
    [{ getMore: Long.ONE, collection: 5 }, 14],
    [{ find: 'rows', lsid: {} }, 40414],
    [{ find: 'rows', lsid: { id: new UUID(), other: 1 } }, 40415],
  ])('refuse %j', async (command, code) => {
    expect(await admin(command)).toMatchObject({ ok: 0, code })
  })

  it('take what has nothing to do here', async () => {
    expect(await admin({ refreshLogicalSessionCacheNow: 1 })).toMatchObject({ ok: 1 })
    expect(await send({ logout: 1 })).toMatchObject({ ok: 1 })
  })

  it('tell of a parameter whether it can be changed, when asked', async () => {
    expect(await admin({ getParameter: { showDetails: true }, logLevel: 1 })).toMatchObject({
      logLevel: { value: 0, settableAtRuntime: true, settableAtStartup: true },
    })
  })

  it('name a connection, and always the same', async () => {
    const { uuid } = await send({ connectionStatus: 1 })
    expect(uuid).toBeInstanceOf(UUID)
    expect((await send({ connectionStatus: 1 })).uuid).toEqual(uuid)
  })

  it('list sessions with their last use, and the cursors that wait for their reader', async () => {
    const lsid = { id: new UUID() }
    await send({ insert: 'rows', documents: [{}, {}, {}, {}, {}] })
    const { cursor } = (await send({ find: 'rows', batchSize: 2, lsid })) as { cursor: { id: Long } }
    await send({ getMore: cursor.id, collection: 'rows', batchSize: 1, lsid })
    const listed = await report({ $listSessions: {} }, 'system.sessions', 'config')
    expect(listed.find(({ _id }) => lsid.id.equals((_id as { id: UUID }).id))).toMatchObject({
      _id: { uid: expect.anything() as unknown },
      lastUse: expect.any(Date) as unknown,
    })
    expect(await report({ $currentOp: {} })).toHaveLength(1)
    const idle = (await report({ $currentOp: { idleCursors: true } })).filter(({ type }) => type === 'idleCursor')
    expect(idle).toMatchObject([
      {
        ns: 'shop.rows',
        lsid,
        cursor: {
          cursorId: cursor.id,
          nDocsReturned: 3,
          nBatchesReturned: 2,
          tailable: false,
          awaitData: false,
          noCursorTimeout: false,
          originatingCommand: { find: 'rows', batchSize: 2 },
        },
      },
    ])
  })

  it('give the documents of a clustered collection a lifetime by the dates in their _id', async () => {
    const clusteredIndex = { key: { _id: 1 }, unique: true }
    expect(await send({ create: 'plain', expireAfterSeconds: 5 })).toMatchObject({ code: 72 })
    expect(await send({ create: 'log', clusteredIndex, expireAfterSeconds: -1 })).toMatchObject({ code: 72 })
    expect(await send({ create: 'log', clusteredIndex, expireAfterSeconds: 10 })).toMatchObject({ ok: 1 })
    const ids = [new Date(0), new Date(20_000), 'no date']
    await send({ insert: 'log', documents: ids.map((_id) => ({ _id })) })
    expect(await sweepExpired(server.server.engine, 20_000)).toBe(1)
    expect(await send({ collMod: 'log', expireAfterSeconds: 'off' })).toMatchObject({ ok: 1 })
    expect(await sweepExpired(server.server.engine, 90_000)).toBe(0)
    expect(await send({ collMod: 'log', expireAfterSeconds: 60 })).toMatchObject({ ok: 1 })
    expect(await sweepExpired(server.server.engine, 90_000)).toBe(1)
    for (const expireAfterSeconds of [60, 'off'])
      expect(await send({ collMod: 'rows', expireAfterSeconds })).toMatchObject({ code: 72 })
    expect(await send({ validate: 'log' })).toMatchObject({ valid: true })
  })

  it('change the size of a capped collection to one that is one', async () => {
    await send({ create: 'ring', capped: true, size: 4096 })
    expect(await send({ collMod: 'ring', cappedSize: 0 })).toMatchObject({ code: 51024 })
    expect(await send({ collMod: 'ring', cappedSize: 8192 })).toMatchObject({ ok: 1 })
  })

  it('fail a command on the namespace that a fail point names', async () => {
    const data = { failCommands: ['find'], errorCode: 8, namespace: 'shop.chosen' }
    await admin({ configureFailPoint: 'failCommand', mode: { times: 1 }, data })
    expect(await send({ find: 'rows' })).toMatchObject({ ok: 1 })
    expect(await send({ find: 'chosen' })).toMatchObject({ ok: 0, code: 8, codeName: 'UnknownError' })
  })
})
