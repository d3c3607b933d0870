import { type Disposable, toDisposable } from '@dcesop/sdk-plugin'
import type { Lease, Leases } from '../jobs/leases.ts'
import { Inbox } from './inbox.ts'
import { Scanner, type ScannerParts, type Subscription } from './scanner.ts'

export interface ConsumerParts extends ScannerParts {
  readonly leases: Leases
  /** Whose events are delivered; all regions when left out. */
  readonly regions?: readonly string[]
}

const pollMs = 1000
const leaseMs = 30_000

/** Delivers a topic to a plugin, at least once and in order by key, on one node at a time, until disposed. */
export function consume(subscription: Subscription, parts: ConsumerParts): Disposable {
  const loops = (parts.regions ?? parts.outbox.regions).map((region) => consumeRegion(subscription, region, parts))
  return toDisposable(async () => {
    await Promise.all(loops.map((loop) => loop.dispose()))
  })
}

function consumeRegion(subscription: Subscription, region: string, parts: ConsumerParts): Disposable {
  const { plugin, topic } = subscription
  const { outbox, log, leases } = parts
  const group = `${plugin}|${topic}`
  const inbox = new Inbox(outbox.connection(region), group)
  const scanner = new Scanner(subscription, region, inbox, parts)
  const stop = new AbortController()
  const signals = { published: false, wake: () => undefined as void }
  let lease: Lease | undefined
  const onPublished = (published: string) => {
    if (published !== topic) return
    signals.published = true
    signals.wake()
  }
  const round = async () => {
    if (leases.leftMs(lease) < leaseMs / 2) lease = await leases.acquire(`events:${group}:${region}`, leaseMs)
    if (lease) await scanner.scan(stop.signal)
  }
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      timer.unref()
      signals.wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (signals.published || stop.signal.aborted) signals.wake()
    })
  const loop = async () => {
    await inbox.prepare()
    while (!stop.signal.aborted) {
      signals.published = false
      try {
        await round()
      } catch (error) {
        if (stop.signal.aborted) return
        log.error({ err: error, plugin, topic, region }, 'event delivery failed; it is tried again')
        await pause(pollMs)
      }
      await pause(lease ? Math.min(pollMs, Math.max(50, scanner.idleMs)) : pollMs)
    }
  }
  outbox.wake.on('published', onPublished)
  const running = loop().catch((error: unknown) =>
    log.error({ err: error, plugin, topic, region }, 'event delivery ended'),
  )
  return toDisposable(async () => {
    stop.abort()
    outbox.wake.off('published', onPublished)
    signals.wake()
    await running
    if (lease) await leases.release(lease)
  })
}
