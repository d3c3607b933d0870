import { createRealtime, type RealtimeConnection } from './create-realtime.ts'
import { startTestServer, type TestServer } from './test-server.ts'

const channel = { topic: 'metrics', region: 'br', key: 's1' }
let server: TestServer
let client: RealtimeConnection

beforeEach(async () => {
  server = await startTestServer(new Set(['secret']))
  client = createRealtime(server.url, { reconnectionDelay: 20, reconnectionDelayMax: 40 })
})

afterEach(async () => {
  client.close()
  await server.close()
})

/** Collects what a listener hears and lets a test wait for the next thing. */
function recorder() {
  const heard: unknown[] = []
  const waiting: { until: unknown; resolve: () => void }[] = []
  function note(what: unknown): void {
    heard.push(what)
    for (const wait of waiting) if (wait.until === what) wait.resolve()
  }
  return {
    heard,
    note,
    until: (what: unknown) =>
      heard.includes(what) ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ until: what, resolve })),
    listener: {
      message: ({ payload }: { payload: unknown }) => note(payload),
      resync: () => note('resync'),
      joined: () => note('joined'),
      denied: (code: string) => note(`denied ${code}`),
    },
  }
}

function stateBecomes(state: RealtimeConnection['state']): Promise<void> {
  if (client.state === state) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = client.onState((next) => {
      if (next !== state) return
      stop()
      resolve()
    })
  })
}

test('hears what is published after it joined, in its own channel only', async () => {
  const record = recorder()
  client.subscribe(channel, record.listener)
  client.connect()
  await record.until('joined')
  server.publish({ ...channel, key: 's2' }, 'other')
  server.publish(channel, 'one')
  await record.until('one')
  expect(record.heard).toEqual(['joined', 'one'])
})

test('after a cut, what was missed is replayed in order and once', async () => {
  const record = recorder()
  client.subscribe(channel, record.listener)
  client.connect()
  await record.until('joined')
  server.publish(channel, 'one')
  await record.until('one')
  const lost = stateBecomes('reconnecting')
  server.cut()
  await lost
  server.publish(channel, 'two')
  server.publish(channel, 'three')
  await record.until('three')
  await stateBecomes('connected')
  server.publish(channel, 'four')
  await record.until('four')
  expect(record.heard.filter((what) => what !== 'joined')).toEqual(['one', 'two', 'three', 'four'])
})

test('after a server restart the view is asked to refetch', async () => {
  const record = recorder()
  client.subscribe(channel, record.listener)
  client.connect()
  await record.until('joined')
  server.publish(channel, 'one')
  await record.until('one')
  server.restart('b')
  server.cut()
  await record.until('resync')
  server.publish(channel, 'fresh')
  await record.until('fresh')
  expect(record.heard).toEqual(['joined', 'one', 'joined', 'resync', 'fresh'])
})

test('two listeners share one membership, the last one leaves it', async () => {
  const first = recorder()
  const second = recorder()
  const leaveFirst = client.subscribe(channel, first.listener)
  client.connect()
  await first.until('joined')
  const leaveSecond = client.subscribe(channel, second.listener)
  await second.until('joined')
  leaveFirst()
  server.publish(channel, 'one')
  await second.until('one')
  expect(first.heard).toEqual(['joined'])
  leaveSecond()
  const probe = recorder()
  client.subscribe({ ...channel, key: 'probe' }, probe.listener)
  await probe.until('joined')
  expect(await server.members(channel)).toBe(0)
})

test('a refusal reaches the listener', async () => {
  const record = recorder()
  client.subscribe({ ...channel, topic: 'secret' }, record.listener)
  client.connect()
  await record.until('denied forbidden')
  expect(record.heard).toEqual(['denied forbidden'])
})

test('a fault of the server is tried again', async () => {
  const record = recorder()
  server.failOnce()
  client.subscribe(channel, record.listener)
  client.connect()
  await record.until('joined')
  expect(record.heard).toEqual(['joined'])
})

test('broadcasts arrive until one stops listening', async () => {
  const record = recorder()
  client.onEvent<{ revision: number }>('feed-changed', ({ revision }) => record.note(revision))
  const ended = recorder()
  const stop = client.onEvent('session-ended', ended.note)
  client.connect()
  await stateBecomes('connected')
  stop()
  server.broadcast('session-ended', { reason: 'idle' })
  server.broadcast('feed-changed', { revision: 7 })
  await record.until(7)
  expect(ended.heard).toEqual([])
})

test('without a server the state says so after some attempts', async () => {
  await server.close()
  client.connect()
  await stateBecomes('offline')
  expect(client.state).toBe('offline')
})

test('is back as soon as the browser is online again, however far away the next attempt is', async () => {
  client.close()
  const browser = new EventTarget()
  Object.assign(globalThis, { window: browser })
  client = createRealtime(server.url, { reconnectionDelay: 600_000, reconnectionDelayMax: 600_000 })
  Reflect.deleteProperty(globalThis, 'window')
  const record = recorder()
  client.subscribe(channel, record.listener)
  client.connect()
  await record.until('joined')
  const lost = stateBecomes('reconnecting')
  server.cut()
  await lost
  server.publish(channel, 'missed')
  browser.dispatchEvent(new Event('offline'))
  browser.dispatchEvent(new Event('online'))
  await record.until('missed')
  expect(client.state).toBe('connected')
})
