import type { DomainEvent } from '@dcesop/sdk-plugin'
import type { CommandSucceededEvent } from 'mongodb'
import { Leases } from '../jobs/leases.ts'
import { startData } from '../plugins/testing/harness.ts'
import { recordingLog } from '../plugins/testing/test-doubles.ts'
import { consume } from './consumer.ts'
import { afterFailure, backOffMs, dueQueues, maxAttempts } from './delivery.ts'
import { Inbox } from './inbox.ts'
import { ObjectId } from './object-id.ts'
import { Outbox } from './outbox.ts'

let store: Awaited<ReturnType<typeof startData>>

beforeEach(async () => {
  store = await startData({ monitorCommands: true })
})

afterEach(() => store.stop())

const machine = { now: () => new Date() }

function bus(node = 'node-a', clock = machine) {
  const outbox = new Outbox(store.data, clock)
  const failures: string[] = []
  const parts = {
    outbox,
    log: recordingLog(),
    leases: new Leases(store.data.core, node, clock),
    failed: (plugin: string) => void failures.push(plugin),
  }
  const publish = (key: string, payload: unknown, region = 'br') =>
    outbox.append('publisher', { topic: 'demo.changed/v1', region, key, payload })
  const subscribe = (handle: (event: DomainEvent) => Promise<void>) =>
    consume({ plugin: 'reader', topic: 'demo.changed/v1', handle }, parts)
  return { outbox, parts, publish, subscribe, failures }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 15_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('The condition did not come true within 15 s.')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** When a consumer has looked for events of Brazil and the database has answered. */
function looked(): Promise<void> {
  const client = store.data.core.getClient()
  return new Promise((resolve) => {
    const hear = ({ reply }: CommandSucceededEvent) => {
      if ((reply as { cursor?: { ns: string } }).cursor?.ns !== `${store.prefix}br.outbox`) return
      client.off('commandSucceeded', hear)
      resolve()
    }
    client.on('commandSucceeded', hear)
  })
}

describe('events between plugins', () => {
  it('reach a subscriber that came later, in the order of each key, from every region', async () => {
    const { publish, subscribe } = bus()
    for (let i = 1; i <= 300; i += 1) await publish(`k${i % 3}`, i, i % 2 ? 'br' : 'mx')
    const seen: DomainEvent[] = []
    const subscription = subscribe((event) => Promise.resolve(void seen.push(event)))
    await until(() => seen.length === 300)
    for (const region of ['br', 'mx']) {
      for (const key of ['k0', 'k1', 'k2']) {
        const order = seen
          .filter((event) => event.region === region && event.key === key)
          .map(({ payload }) => payload as number)
        expect(order).toEqual([...order].sort((a, b) => a - b))
      }
    }
    await subscription.dispose()
  })

  it('are handed over again after a failure, while other keys go on and later events of the key wait', async () => {
    const { publish, subscribe, failures } = bus()
    const handled: string[] = []
    let broken = true
    const subscription = subscribe(({ key, payload }) => {
      if (key === 'bad' && broken) return Promise.reject(new Error('not yet'))
      handled.push(`${key}${String(payload)}`)
      return Promise.resolve()
    })
    await publish('bad', 1)
    await publish('bad', 2)
    await publish('good', 1)
    await until(() => handled.includes('good1') && failures.length > 0)
    expect(handled).toEqual(['good1'])
    broken = false
    await until(() => handled.length === 3)
    expect(handled).toEqual(['good1', 'bad1', 'bad2'])
    expect(failures[0]).toBe('reader')
    await subscription.dispose()
  })

  it('are not handed over again to a successor once they were handled', async () => {
    const { publish, subscribe } = bus()
    const first: unknown[] = []
    const second: unknown[] = []
    const before = subscribe(({ payload }) => Promise.resolve(void first.push(payload)))
    await publish('k', 1)
    await until(() => first.length === 1)
    await before.dispose()
    await publish('k', 2)
    const after = subscribe(({ payload }) => Promise.resolve(void second.push(payload)))
    await until(() => second.length > 0)
    expect([first, second]).toEqual([[1], [2]])
    await after.dispose()
  })

  it('arrive in their order also when the clock was put back since the ones before, with or without a start between', async () => {
    let behindMs = 0
    const late = { now: () => new Date(Date.now() - behindMs) }
    const first = bus('node-a', late)
    const seen: unknown[] = []
    let subscription = first.subscribe((event) => Promise.resolve(void seen.push(event.payload)))
    await first.publish('k', 1)
    await until(() => seen.length === 1)
    behindMs = 3_600_000
    await first.publish('k', 2)
    await until(() => seen.length === 2)
    await subscription.dispose()
    const [newest] = await first.outbox
      .events('br')
      .find({}, { sort: { _id: -1 }, limit: 1 })
      .toArray()
    await new Inbox(store.data.region('br'), 'reader|demo.changed/v1').advance(newest!._id)
    const second = bus('node-a', late)
    await second.outbox.prepare()
    subscription = second.subscribe((event) => Promise.resolve(void seen.push(event.payload)))
    await second.publish('k', 3)
    await until(() => seen.length === 3)
    expect(seen).toEqual([1, 2, 3])
    await subscription.dispose()
  })

  it('that are finished are not handed over again after a start, when the first look finds nothing new', async () => {
    const { outbox, publish, subscribe } = bus()
    await publish('k', 1)
    const newest = await outbox.events('br').findOne({})
    await new Inbox(store.data.region('br'), 'reader|demo.changed/v1').advance(newest!._id)
    const seen: unknown[] = []
    const first = looked()
    const subscription = subscribe((event) => Promise.resolve(void seen.push(event.payload)))
    await first
    await publish('k', 2)
    await until(() => seen.includes(2))
    expect(seen).toEqual([2])
    await subscription.dispose()
  })

  it('published in a transaction that is aborted never happened', async () => {
    const { outbox, publish, subscribe } = bus()
    const seen: unknown[] = []
    const subscription = subscribe(({ payload }) => Promise.resolve(void seen.push(payload)))
    const session = await store.data.region('br').startSession()
    await session
      .withTransaction(async () => {
        await outbox.append(
          'publisher',
          { topic: 'demo.changed/v1', region: 'br', key: 'k', payload: 'ghost' },
          session as never,
        )
        throw new Error('undo')
      })
      .catch(() => undefined)
    await session.endSession()
    await publish('k', 'real')
    await until(() => seen.length > 0)
    expect(seen).toEqual(['real'])
    await subscription.dispose()
  })

  it('published by the dozen in one transaction arrive, and leave one listener on its session', async () => {
    const { outbox, subscribe } = bus()
    const seen: unknown[] = []
    const subscription = subscribe(({ payload }) => Promise.resolve(void seen.push(payload)))
    const session = await store.data.region('br').startSession()
    const before = session.listenerCount('ended')
    await session.withTransaction(async () => {
      for (let i = 0; i < 12; i += 1) {
        const event = { topic: 'demo.changed/v1', region: 'br', key: 'k', payload: i }
        await outbox.append('publisher', event, session as never)
      }
    })
    expect(session.listenerCount('ended')).toBe(before + 1)
    await session.endSession()
    await until(() => seen.length === 12)
    await subscription.dispose()
  })

  it('are consumed by one node at a time', async () => {
    const [a, b] = [bus('node-a'), bus('node-b')]
    const counts = new Map<string, number>()
    const count = ({ id }: DomainEvent) => Promise.resolve(void counts.set(id, (counts.get(id) ?? 0) + 1))
    const subscriptions = [a.subscribe(count), b.subscribe(count)]
    for (let i = 0; i < 50; i += 1) await a.publish(`k${i}`, i)
    await until(() => counts.size === 50)
    expect([...counts.values()].every((times) => times === 1)).toBe(true)
    await Promise.all(subscriptions.map((subscription) => subscription.dispose()))
  })
})

describe('the rules of delivery', () => {
  it('doubles the pause up to five minutes, then gives up', () => {
    expect([1, 2, 3, 10, 11, 12].map(backOffMs)).toEqual([500, 1000, 2000, 256_000, 300_000, 300_000])
    const event = new ObjectId()
    const now = new Date(0)
    expect(afterFailure(event, 2, now)).toMatchObject({ state: 'waiting', nextAt: new Date(1000) })
    expect(afterFailure(event, maxAttempts, now)).toMatchObject({ state: 'dead' })
  })

  it('holds back a key behind an event that waits', () => {
    const [first, second, other] = [new ObjectId(), new ObjectId(), new ObjectId()]
    const events = [
      { _id: first, key: 'a' },
      { _id: second, key: 'a' },
      { _id: other, key: 'b' },
    ]
    const seen = new Map([
      [first.toHexString(), { event: first, state: 'waiting' as const, attempts: 1, nextAt: new Date(1000) }],
    ])
    const due = (now: number) =>
      dueQueues(events, seen, new Set(), new Date(now)).map((queue) =>
        queue.map(({ _id }) => events.findIndex((event) => event._id === _id)),
      )
    expect(due(999)).toEqual([[2]])
    expect(due(1000)).toEqual([[0, 1], [2]])
  })
})
