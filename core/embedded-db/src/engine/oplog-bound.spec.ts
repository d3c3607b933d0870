import type { Document } from 'bson'
import { Server } from '../commands/server.ts'
import { openDataFolder } from '../store/data-folder.ts'
import { temporaryFolders } from '../testing/folders.ts'
import { commandsOf } from '../testing/in-process.ts'
import { openEngine } from './open.ts'
import { trimOplog } from './oplog-bound.ts'

const folder = temporaryFolders()

it('tells a stream that what it asks for is gone from the log, also after a restart', async () => {
  const path = folder('trimmed')
  const watch = (resumeAfter?: unknown): Document => ({
    aggregate: 'c',
    pipeline: [{ $changeStream: resumeAfter === undefined ? {} : { resumeAfter } }],
    cursor: {},
    $db: 'test',
  })
  const run = async <T>(work: (server: Server, send: (body: Document) => Promise<Document>) => Promise<T>) => {
    const { engine, close } = openEngine(openDataFolder(path), 'none')
    const server = new Server(engine)
    try {
      return await work(server, commandsOf(server).command)
    } finally {
      server.stop()
      await engine.close()
      await close()
    }
  }
  const insert = { insert: 'c', documents: [{ text: 'a'.repeat(1000) }], $db: 'test' }
  const early = await run(async ({ engine }, send) => {
    await send(insert)
    const opened = await send(watch())
    for (let i = 0; i < 5; i++) await send(insert)
    const token = (opened.cursor as Document).postBatchResumeToken as unknown
    expect(await send(watch(token))).toMatchObject({ ok: 1 })
    await trimOplog(engine, 2000)
    expect(await send(watch(token))).toMatchObject({ ok: 0, code: 286 })
    return token
  })
  await run(async (_, send) => {
    expect(await send(watch(early))).toMatchObject({ ok: 0, code: 286, codeName: 'ChangeStreamHistoryLost' })
  })
})
