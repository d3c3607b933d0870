import type { Document } from 'bson'
import { inProcessBackend } from '../testing/model/backend.ts'
import type { Backend } from '../testing/model/backend.ts'
import type { Store, Writer } from '../store/store.ts'
import { CommitQueue } from './commit-queue.ts'
import { Interrupt } from './interrupt.ts'
import { Blocked } from './write-context.ts'
import { startInProcess } from '../testing/in-process.ts'
import type { InProcess } from '../testing/in-process.ts'

describe('writes that a transaction blocks', () => {
  let database: InProcess
  let backend: Backend
  let serial = 0

  beforeAll(() => {
    database = startInProcess()
    backend = inProcessBackend(database)
  })
  afterAll(() => database.stop())

  const insert = (into: string, row: Document, session?: 0 | 1) =>
    backend.command('queue', { insert: into, documents: [row] }, session)
  const removeFirst = (from: string) =>
    backend.command('queue', { findAndModify: from, sort: { _id: 1 }, remove: true })

  it('go on in the order in which they came, whether the end of the transaction or a look after a commit wakes them', async () => {
    for (let pause = 0; pause < 15; pause++) {
      const name = `order${serial++}`
      await insert(name, { _id: 9 })
      await insert(name, { _id: 0, n: 'held' }, 0)
      const first = insert(name, { _id: 0, n: 'first' })
      await backend.settle()
      // A commit, after which those that wait look again in a while; and one more that waits.
      await insert(name, { _id: 10 })
      const second = insert(name, { _id: 0, n: 'second' })
      await new Promise((resolve) => setTimeout(resolve, pause))
      await backend.end(0, false)
      expect((await first).n).toBe(1)
      expect((await second).writeErrors?.[0]?.code).toBe(11000)
    }
  })

  it('go on in that order also when another transaction holds them', async () => {
    const name = `two${serial++}`
    await backend.command('queue', { create: name })
    await insert(name, { _id: 1 }, 0)
    await insert(name, { _id: 2 }, 1)
    const both = backend.command('queue', { insert: name, documents: [{ _id: 2 }, { _id: 1 }] })
    const later = insert(name, { _id: 1 })
    await backend.settle()
    await backend.end(1, false)
    await backend.settle()
    await backend.end(0, false)
    expect((await both).n).toBe(2)
    expect((await later).writeErrors?.[0]?.code).toBe(11000)
  })

  it('take what others put before that which is held', async () => {
    const name = `before${serial++}`
    await insert(name, { _id: 5 })
    await backend.command('queue', { update: name, updates: [{ q: { _id: 5 }, u: { $set: { n: 1 } } }] }, 0)
    const taken = [removeFirst(name), removeFirst(name)]
    await backend.settle()
    await insert(name, { _id: 3 })
    expect((await taken[0])?.value).toEqual({ _id: 3 })
    await backend.end(0, true)
    expect((await taken[1])?.value).toEqual({ _id: 5, n: 1 })
  })

  it('are answered when the server stops, which ends the transaction', async () => {
    const own = startInProcess()
    const sessions = inProcessBackend(own)
    await sessions.command('queue', { create: 'last' })
    await sessions.command('queue', { insert: 'last', documents: [{ _id: 1 }] }, 0)
    const waiting = sessions.command('queue', { insert: 'last', documents: [{ _id: 1 }] })
    await sessions.settle()
    await own.stop()
    expect(await waiting).toMatchObject({ ok: 1, n: 1 })
  })

  it('leave nothing behind when the commit in which they were found blocked fails', async () => {
    const store = {
      async write(action: (writer: Writer) => void) {
        action({} as Writer)
        throw new Error('disk')
      },
    } as unknown as Store
    const queue = new CommitQueue(store, { prepare() {}, committed: () => false, undone() {} })
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    const write = () => {
      throw new Blocked(new Promise(() => undefined))
    }
    await expect(queue.submit(write, new Interrupt(undefined))).rejects.toThrow('disk')
    expect(timers()).toBeLessThanOrEqual(before)
  })
})

describe('a commit', () => {
  const COMMIT_MS = 3
  /** How many writes each commit holds. */
  const commits: number[] = []
  let queue: CommitQueue
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  const write = () => queue.submit(() => commits.push((commits.pop() ?? 0) + 1))

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'] })
    const store = {
      async write(action: (writer: Writer) => void) {
        commits.push(0)
        action({} as Writer)
        await turn()
        jest.advanceTimersByTime(COMMIT_MS)
      },
    } as unknown as Store
    commits.length = 0
    queue = new CommitQueue(store, { prepare() {}, committed: () => false, undone() {} })
  })
  afterEach(() => jest.useRealTimers())

  it('waits for the clients that the last one answered, one of which is slower', async () => {
    await Promise.all([write(), write(), write(), write()])
    const quick = [write(), write(), write()]
    await turn()
    await turn()
    await Promise.all([...quick, write()])
    expect(commits).toEqual([4, 4])
  })

  it('waits no longer than the last one took, from its end on', async () => {
    await Promise.all([write(), write(), write(), write()])
    const early = write()
    await turn()
    jest.advanceTimersByTime(COMMIT_MS)
    await early
    await Promise.all([write(), write(), write(), write()])
    jest.advanceTimersByTime(COMMIT_MS)
    await write()
    expect(commits).toEqual([4, 1, 4, 1])
  })

  it('leaves out what is past its limit when its turn comes, as behind a large one', async () => {
    const first = write()
    await turn()
    const late = queue.submit(() => 'written', new Interrupt(1, performance.now() - 2))
    await expect(late).rejects.toMatchObject({ code: 50 })
    await first
    expect(commits.reduce((sum, n) => sum + n, 0)).toBe(1)
  })

  it('waits for nobody after one that answered few', async () => {
    await Promise.all([write(), write()])
    await write()
    expect(commits).toEqual([2, 1])
  })
})
