import { Binary, Long } from 'bson'
import type { Document } from 'bson'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { startInProcess } from '../testing/in-process.ts'

const database = startInProcess()
afterAll(() => database.stop())

const send = (body: Document): Promise<Document> => database.command({ ...body, $db: String(body.$db ?? 'waiting') })
const admin = (body: Document): Promise<Document> => send({ ...body, $db: 'admin' })
const lsidOf = (byte: number): Document => ({ id: new Binary(Buffer.alloc(16, byte), Binary.SUBTYPE_UUID) })
const numbered = (byte: number, txnNumber: number): Document => ({
  lsid: lsidOf(byte),
  txnNumber: Long.fromNumber(txnNumber),
})
const increment: Document = { update: 'c', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] }

/** The operation numbers of what is at work with a comment, as soon as there is one. */
async function underWay(comment: string): Promise<number[]> {
  for (;;) {
    const pipeline = [{ $currentOp: {} }, { $match: { 'command.comment': comment } }]
    const { cursor } = await admin({ aggregate: 1, pipeline, cursor: {} })
    const found = (cursor as { firstBatch: Document[] }).firstBatch
    if (found.length > 0) return found.map(({ opid }) => Number(opid))
    await nextTurn()
  }
}

describe('what waits for a transaction that holds its document', () => {
  const holder: Document = { ...numbered(1, 1), autocommit: false }
  beforeAll(() => send({ insert: 'c', documents: [{ _id: 1, n: 0 }] }))
  beforeEach(() => send({ ...increment, ...holder, startTransaction: true }))
  afterEach(async () => {
    await admin({ abortTransaction: 1, ...holder })
    holder.txnNumber = (holder.txnNumber as Long).add(1)
  })

  it('lets a later write of its session end at its limit or by a kill, and the next ones have their turn', async () => {
    const first = send({ ...increment, ...numbered(2, 1), comment: 'first' })
    await underWay('first')
    expect(await send({ ...increment, ...numbered(2, 2), maxTimeMS: 20 })).toMatchObject({ ok: 0, code: 50 })
    const killed = send({ ...increment, ...numbered(2, 3), comment: 'second' })
    const [op] = await underWay('second')
    const third = send({ insert: 'd', documents: [{}], ...numbered(2, 4) })
    await admin({ killOp: 1, op })
    expect(await killed).toMatchObject({ ok: 0, code: 11601 })
    const told: Document[] = []
    void third.then((reply) => told.push(reply))
    await nextTurn()
    expect(told).toEqual([])
    await admin({ abortTransaction: 1, ...holder })
    expect(await first).toMatchObject({ ok: 1, nModified: 1 })
    expect(await third).toMatchObject({ ok: 1, n: 1 })
  })

  it.each<[string, (byte: number) => Document]>([
    ['killSessions', (byte) => ({ killSessions: [lsidOf(byte)] })],
    ['killAllSessionsByPattern', (byte) => ({ killAllSessionsByPattern: [{ lsid: lsidOf(byte) }] })],
    ['killAllSessions', () => ({ killAllSessions: [] })],
  ])('is ended by %s', async (name, kill) => {
    const byte = 10 + name.length
    const waiting = send({ ...increment, ...numbered(byte, 1), comment: name })
    await underWay(name)
    expect(await admin({ ...kill(byte), lsid: lsidOf(byte) })).toMatchObject({ ok: 1 })
    expect(await waiting).toMatchObject({ ok: 0, code: 11601, codeName: 'Interrupted' })
  })

  it('is not ended by killSessions of another session', async () => {
    const waiting = send({ ...increment, ...numbered(40, 1), comment: 'other' })
    await underWay('other')
    await admin({ killSessions: [lsidOf(41)] })
    await admin({ abortTransaction: 1, ...holder })
    expect(await waiting).toMatchObject({ ok: 1, nModified: 1 })
  })
})

describe('the build of indexes', () => {
  const names = async (): Promise<unknown[]> => {
    const { cursor } = await send({ listIndexes: 'many' })
    return (cursor as { firstBatch: Document[] }).firstBatch.map(({ name }) => name as unknown)
  }
  const byX = { key: { x: 1 }, name: 'x' }
  const byPair = { key: { pair: 1 }, name: 'pair', unique: true }

  beforeAll(async () => {
    const documents = Array.from({ length: 500 }, (_, i) => ({ x: i, pair: i >> 1 }))
    await send({ insert: 'many', documents })
  })
  afterEach(() => jest.restoreAllMocks())

  /** Each look at the clock takes so long, that everything is done in slices. */
  function slow(): void {
    let time = performance.now()
    jest.spyOn(performance, 'now').mockImplementation(() => (time += 5))
  }

  it('ends at its limit without a trace', async () => {
    slow()
    const reply = await send({ createIndexes: 'many', indexes: [byX], maxTimeMS: 200 })
    expect(reply).toMatchObject({ ok: 0, code: 50, codeName: 'MaxTimeMSExpired' })
    expect(await names()).toEqual(['_id_'])
  })

  it('is ended by killOp, also where it waits for another build, and lets the next begin after that', async () => {
    slow()
    const build = (comment: string) => send({ createIndexes: 'many', indexes: [byX], comment })
    const first = build('first build')
    const second = build('second build')
    const [op] = await underWay('second build')
    await admin({ killOp: 1, op })
    expect(await second).toMatchObject({ ok: 0, code: 11601 })
    const [running] = await underWay('first build')
    await admin({ killOp: 1, op: running })
    expect(await first).toMatchObject({ ok: 0, code: 11601 })
    expect(await names()).toEqual(['_id_'])
    jest.restoreAllMocks()
    expect(await build('third')).toMatchObject({ ok: 1, numIndexesBefore: 1, numIndexesAfter: 2 })
    await send({ dropIndexes: 'many', index: 'x' })
  })

  it('leaves none of several when one cannot be built', async () => {
    const reply = await send({ createIndexes: 'many', indexes: [byX, byPair] })
    expect(reply).toMatchObject({ ok: 0, code: 11000 })
    expect(await names()).toEqual(['_id_'])
    expect(await send({ validate: 'many' })).toMatchObject({ valid: true, errors: [] })
  })
})

describe('a write to many documents', () => {
  afterEach(() => jest.restoreAllMocks())

  it.each<[string, Document, string]>([
    ['dropped', { drop: 'gone' }, 'collection dropped'],
    [
      'renamed',
      { renameCollection: 'waiting.gone', to: 'waiting.elsewhere', dropTarget: true, $db: 'admin' },
      'renamed',
    ],
  ])('is told that its collection was %s meanwhile', async (_, change, text) => {
    await send({ insert: 'gone', documents: Array.from({ length: 300 }, (_each, n) => ({ n })) })
    let time = performance.now()
    jest.spyOn(performance, 'now').mockImplementation(() => (time += 3))
    const all = { q: {}, u: { $set: { seen: true } }, multi: true }
    const { engine } = database.server
    const write = engine.write.bind(engine)
    let commits = 0
    let changed: Promise<Document> | undefined
    jest.spyOn(engine, 'write').mockImplementation((action, interrupt) => {
      if (++commits === 5) changed = send(change)
      return write(action, interrupt) as never
    })
    const reply = await send({ update: 'gone', updates: [all] })
    expect(await changed).toMatchObject({ ok: 1 })
    expect(reply).toMatchObject({ writeErrors: [{ code: 175, errmsg: expect.stringContaining(text) as unknown }] })
  })
})
