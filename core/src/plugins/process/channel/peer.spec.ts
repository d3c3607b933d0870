import { duplexPair } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { fromHost } from '../limits.ts'
import { Peer, type PeerEvents, type PeerLimits } from './peer.ts'

const ignored = { closed: () => undefined, failed: () => undefined }
const text = 'x'.repeat(100)

function pair(limits: Partial<PeerLimits>, handler: (said: never) => unknown, events: PeerEvents = ignored) {
  const [near, far] = duplexPair()
  new Peer(near, { say: handler }, { ...fromHost, ...limits }, events)
  return new Peer(far, {}, fromHost, ignored)
}

async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await turn()
}

describe('a channel', () => {
  it('takes so many bytes in a second, and the rest later', async () => {
    let taken = 0
    const all = Promise.withResolvers<void>()
    const other = pair({ bytesPerSecond: 150 }, () => void (++taken === 3 && all.resolve()))
    for (let notes = 0; notes < 3; notes += 1) other.note('say', text)
    await settled()
    expect(taken).toBe(2)
    await all.promise
  })

  it('holds so many bytes of calls that are not answered yet', async () => {
    const open: (() => void)[] = []
    const other = pair({ pendingBytes: 150 }, () => new Promise<void>((resolve) => open.push(resolve)))
    for (let calls = 0; calls < 3; calls += 1) void other.call('say', text)
    await settled()
    expect(open).toHaveLength(2)
    open[0]?.()
    await settled()
    expect(open).toHaveLength(3)
  })

  it('sends the answers of one turn together', async () => {
    const [near, far] = duplexPair()
    const answer = Promise.withResolvers<string>()
    new Peer(near, { say: () => answer.promise }, fromHost, ignored)
    const other = new Peer(far, {}, fromHost, ignored)
    const calls = [other.call('say'), other.call('say'), other.call('say')]
    await settled()
    const [write, together] = [jest.spyOn(near, '_write'), jest.fn()]
    near._writev = (chunks, done) => {
      together(chunks.length)
      for (const { chunk } of chunks) far.push(chunk)
      done()
    }
    answer.resolve(text)
    expect(await Promise.all(calls)).toEqual([text, text, text])
    expect(together.mock.calls).toEqual([[3]])
    expect(write).not.toHaveBeenCalled()
  })

  it('shortens what the other side says of an error', async () => {
    const other = pair({}, () => {
      throw new Error(text.repeat(10_000))
    })
    const error = (await other.call('say', text).catch((thrown: unknown) => thrown)) as Error
    expect([error.message.length, error.stack?.length]).toEqual([4_000, 16_000])
  })

  const times = (count: number, of: unknown): unknown[] => Array<unknown>(count).fill(of)

  it.each([
    ['a list of nothing that is long', Object.assign([], { length: 4_000_000_000 })],
    ['lists of the same lists', times(12, 0).reduce((same) => times(10, same), ['lol'])],
    ['the same text over and over', times(100_000, { text: text.repeat(100) })],
    ['the same in maps and sets', times(1000, new Map([[1, new Set(times(1000, 0).map((_, n) => n))]]))],
  ])('ends by a message that means gigabytes, such as %s', async (_what, value) => {
    const { promise: closed, resolve } = Promise.withResolvers<Error>()
    const heard: unknown[] = []
    pair({}, (said) => void heard.push(said), { ...ignored, closed: resolve }).note('say', value)
    expect((await closed).message).toMatch(/^A message that is written out comes to more than/)
    expect(heard).toEqual([])
  })

  it('takes the same thing in many places, and what contains itself', async () => {
    const { promise: heard, resolve } = Promise.withResolvers<unknown>()
    const self: Record<string, unknown> = { same: times(1000, { name: 'n', of: ['a', 'b'] }) }
    self['self'] = self
    pair({}, resolve).note('say', self)
    expect(await heard).toEqual(self)
  })
})
