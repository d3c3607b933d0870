import { Long, Timestamp } from 'bson'
import type { Document } from 'bson'
import type { Writer } from '../../store/store.ts'
import { startInProcess } from '../../testing/in-process.ts'

const order = (a: Timestamp, b: Timestamp): number => a.toUnsigned().compare(b.toUnsigned())

describe('what is asked for while a commit is under way', () => {
  const database = startInProcess('commit')
  afterAll(() => database.stop())
  const send = (body: Document): Promise<Document> => database.command({ ...body, $db: 'test' })
  const cursorOf = (reply: Document) => reply.cursor as { id: Long; firstBatch: Document[]; nextBatch: Document[] }

  /** Sends something within the commit of what is written, of which nobody can read anything yet. */
  async function within<T>(ask: () => Promise<T>): Promise<T> {
    const { store } = database.server.engine
    const { write } = store
    let asked: Promise<T> | undefined
    store.write = <R>(action: (writer: Writer) => R) =>
      write.call(store, (writer: Writer) => {
        const result = action(writer)
        asked ??= ask()
        return result
      }) as Promise<R>
    await send({ insert: 'c', documents: Array.from({ length: 3 }, (_, n) => ({ n })) })
    store.write = write
    return asked as Promise<T>
  }

  const eventsAfter = async (opened: Document): Promise<Document[]> =>
    cursorOf(await send({ getMore: Long.fromValue(cursorOf(opened).id), collection: 'c' })).nextBatch

  it('is told by a stream, as it is not in what is read after the stream was opened', async () => {
    await send({ create: 'c' })
    const [opened, read] = await within(async () => {
      const stream = await send({ aggregate: 'c', pipeline: [{ $changeStream: {} }], cursor: {} })
      return [stream, await send({ find: 'c' })] as const
    })
    expect(cursorOf(read).firstBatch).toEqual([])
    expect((await eventsAfter(opened)).map(({ operationType }) => operationType as string)).toEqual(
      Array(3).fill('insert'),
    )
  })

  it('is told by a stream that starts after the time of an answer given meanwhile', async () => {
    const { operationTime, $clusterTime } = await within(() => send({ ping: 1 }))
    for (const time of [operationTime, ($clusterTime as Document).clusterTime] as Timestamp[]) {
      const startAtOperationTime = new Timestamp({ t: time.high >>> 0, i: (time.low >>> 0) + 1 })
      const opened = await send({ aggregate: 'c', pipeline: [{ $changeStream: { startAtOperationTime } }], cursor: {} })
      const events = cursorOf(opened).firstBatch.concat(await eventsAfter(opened))
      expect(events.map(({ operationType }) => operationType as string)).toEqual(Array(3).fill('insert'))
      expect(order(events[0]?.clusterTime as Timestamp, time)).toBe(1)
    }
  })
})
