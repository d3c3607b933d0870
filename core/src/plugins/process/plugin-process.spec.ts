import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { duplexPair } from 'node:stream'
import type { Socket } from 'node:net'
import type { Log } from '@dcesop/sdk-plugin'
import { because } from '../journal/reasons.ts'
import { Peer } from './channel/peer.ts'
import type { Share } from './control-groups.ts'
import { beatMs, computesMs, fromHost, limitsOf, mostMissedBeats, mostSilentBeats } from './limits.ts'
import { PluginProcess } from './plugin-process.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A process that sleeps, and the other end of its channel. */
function begin() {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  const [channel, far] = duplexPair()
  const shares: Share[] = []
  let spent = 0
  const spend = (ms: number) => (spent += ms)
  const plugin = new PluginProcess({
    launched: { pid: child.pid as number, channel: channel as Socket, exited: once(child, 'exit').then(String) },
    group: { join: [], share: async (share) => void shares.push(share), remove: async () => undefined },
    limits: limitsOf({} as never),
    handlers: {},
    log: { warn: () => undefined } as unknown as Log,
    times: () => ({ now: new Date(0), events: new Date(0) }),
    beat: () => undefined,
    usage: () => ({ processes: 1, residentMb: 1, spentMs: spent }),
  })
  let stuck = false
  const beat = () => (stuck ? new Promise(() => undefined) : undefined)
  const answer = () => void new Peer(far, { beat }, fromHost, { closed: () => undefined, failed: () => undefined })
  const getStuck = () => (stuck = true)
  const beats = async (count: number) => {
    for (let beat = 0; beat < count; beat += 1) {
      jest.advanceTimersByTime(beatMs)
      for (let turn = 0; turn < 5; turn += 1) await settle()
    }
  }
  const end = async () => {
    plugin.kill(because('process_stopped'))
    await plugin.ended
    jest.useRealTimers()
  }
  return { plugin, shares, answer, getStuck, spend, beats, end }
}

describe('the processor that a plugin’s process gets', () => {
  it('is what nobody else wants at its start, as much as any other when the start takes longer, a tenth afterwards', async () => {
    const { plugin, shares, answer, beats, end } = begin()
    expect(shares).toEqual([])
    await beats(3)
    expect(shares).toEqual(['equal'])
    answer()
    await beats(1)
    expect(shares).toEqual(['equal'])
    await plugin.started()
    await beats(2)
    expect(shares).toEqual(['equal', 'tenth'])
    await end()
  })
})

describe('a plugin’s process that does not answer', () => {
  /** Started, and stuck after so many beats that it answered. */
  async function stuckAfter(answered: number) {
    const process = begin()
    const { plugin, answer, getStuck, beats } = process
    let why: unknown
    void plugin.ended.then((reason) => (why = reason))
    if (answered === 0) getStuck()
    answer()
    await plugin.started()
    await beats(answered)
    getStuck()
    const endsAsBusy = async () => {
      await plugin.ended
      expect(why).toMatchObject({ causes: [{ code: 'process_busy' }] })
      await process.end()
    }
    return { ...process, why: () => why, endsAsBusy }
  }

  it('is left alone before its first answer: the limit is that of its start', async () => {
    const { plugin, spend, beats, end } = begin()
    let why: unknown
    void plugin.ended.then((reason) => (why = reason))
    spend(60_000)
    await beats(mostSilentBeats + 3)
    expect(why).toBeUndefined()
    await end()
  })

  it('is left alone while it has no processor to answer with, and ended once it computes instead', async () => {
    const { why, shares, spend, beats, endsAsBusy } = await stuckAfter(2)
    await beats(mostMissedBeats + 2)
    expect([why(), shares]).toEqual([undefined, ['tenth']])
    spend(computesMs)
    await beats(2)
    await endsAsBusy()
  })

  it('is ended when it computes from its first moment on', async () => {
    const { spend, beats, endsAsBusy } = await stuckAfter(0)
    spend(computesMs)
    await beats(mostMissedBeats + 2)
    await endsAsBusy()
  })

  it('gets the rest of the processor while it computes, before it is ended', async () => {
    const { why, shares, spend, beats, endsAsBusy } = await stuckAfter(2)
    spend(computesMs)
    await beats(mostMissedBeats - 1)
    expect([why(), shares]).toEqual([undefined, ['tenth', 'rest']])
    await beats(3)
    await endsAsBusy()
  })

  it('is ended in the end also when it does nothing at all', async () => {
    const { why, beats, endsAsBusy } = await stuckAfter(1)
    await beats(mostSilentBeats - 1)
    expect(why()).toBeUndefined()
    await beats(3)
    await endsAsBusy()
  })
})
