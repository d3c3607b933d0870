import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { duplexPair } from 'node:stream'
import type { Socket } from 'node:net'
import type { Log } from '@dcesop/sdk-plugin'
import { because } from '../journal/reasons.ts'
import { Peer } from './channel/peer.ts'
import type { Share } from './control-groups.ts'
import { beatMs, fromHost, limitsOf, mostMissedBeats } from './limits.ts'
import { PluginProcess } from './plugin-process.ts'

const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A process that sleeps, and the other end of its channel. */
function begin() {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  const [channel, far] = duplexPair()
  const shares: Share[] = []
  const plugin = new PluginProcess({
    launched: { pid: child.pid as number, channel: channel as Socket, exited: once(child, 'exit').then(String) },
    group: { join: [], share: async (share) => void shares.push(share), remove: async () => undefined },
    limits: limitsOf({} as never),
    handlers: {},
    log: { warn: () => undefined } as unknown as Log,
    now: () => new Date(0),
    beat: () => undefined,
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
  return { plugin, shares, answer, getStuck, beats, end }
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

it('does not call a process stuck that has not come to its first answer, and does afterwards', async () => {
  const { plugin, answer, getStuck, beats, end } = begin()
  let why: unknown
  void plugin.ended.then((reason) => (why = reason))
  await beats(mostMissedBeats + 3)
  answer()
  await beats(1)
  expect(why).toBeUndefined()
  getStuck()
  await beats(mostMissedBeats + 2)
  await plugin.ended
  expect(why).toMatchObject(because('process_busy', { seconds: (mostMissedBeats * beatMs) / 1000 }))
  await end()
})
