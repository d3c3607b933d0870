import type { Document, Long } from 'bson'
import { startInProcess } from '../../testing/in-process.ts'

describe('the event of a collMod', () => {
  const server = startInProcess()
  afterAll(() => server.stop())
  const send = (command: Document): Promise<Document> => server.command({ ...command, $db: 'shop' })

  it.each<[string, Document[], Document, Document, Document | undefined]>([
    ['a validator', [{ validator: { a: 1 } }], { validator: { a: 1 } }, {}, undefined],
    [
      'a level, the rules being what they are without one',
      [{ validator: { a: 1 } }, { validationLevel: 'off' }],
      { validationLevel: 'off' },
      { validator: { a: 1 }, validationLevel: 'strict', validationAction: 'error' },
      undefined,
    ],
    [
      'an index, by its name',
      [{ index: { keyPattern: { at: 1 }, hidden: true } }],
      { index: { name: 'by time', hidden: true } },
      {},
      { hidden: false },
    ],
    [
      'a lifetime',
      [{ index: { name: 'by time', expireAfterSeconds: 20 } }],
      { index: { name: 'by time', expireAfterSeconds: 20 } },
      {},
      { expireAfterSeconds: 10 },
    ],
  ])('tells %s and what was before', async (_, changes, operationDescription, options, indexOptions) => {
    await send({ drop: 'orders' })
    const indexes = [{ key: { at: 1 }, name: 'by time', expireAfterSeconds: 10 }]
    await send({ createIndexes: 'orders', indexes })
    const pipeline = [{ $changeStream: { showExpandedEvents: true } }]
    const { cursor } = (await send({ aggregate: 'orders', pipeline, cursor: {} })) as { cursor: { id: Long } }
    for (const change of changes) expect(await send({ collMod: 'orders', ...change })).toMatchObject({ ok: 1 })
    const { cursor: read } = await send({ getMore: cursor.id, collection: 'orders', maxTimeMS: 20 })
    const event = (read.nextBatch as Document[]).at(-1)
    const uuid = event?.collectionUUID as unknown
    expect(event).toMatchObject({ operationType: 'modify', operationDescription })
    expect(event?.stateBeforeChange).toEqual({
      collectionOptions: { ...options, uuid },
      ...(indexOptions && { indexOptions }),
    })
  })
})
