import { duplexPair } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { fromHost } from '../limits.ts'
import { Peer, type PeerLimits } from './peer.ts'

const ignored = { closed: () => undefined, failed: () => undefined }
const text = 'x'.repeat(100)

function pair(limits: Partial<PeerLimits>, handler: (text: string) => unknown) {
  const [near, far] = duplexPair()
  new Peer(near, { say: handler }, { ...fromHost, ...limits }, ignored)
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

  it('shortens what the other side says of an error', async () => {
    const other = pair({}, () => {
      throw new Error(text.repeat(10_000))
    })
    const error = (await other.call('say', text).catch((thrown: unknown) => thrown)) as Error
    expect([error.message.length, error.stack?.length]).toEqual([4_000, 16_000])
  })
})
