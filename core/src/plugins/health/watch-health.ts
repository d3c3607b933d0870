import { type Disposable, type Log, toDisposable } from '@dcesop/sdk-plugin'
import type { Serving } from '../lifecycle/serving.ts'
import type { Slot } from '../lifecycle/slot.ts'
import { ask } from './ask.ts'

const lookMs = 250
const defaultIntervalMs = 10_000
/** A plugin that cannot say within this time that it is well is not. */
const mostMs = 5_000
/** Answers in a row, after which it counts as unwell; one may be chance. */
const mostFailures = 3

interface Pulse {
  nextAt: number
  failures: number
  asking: boolean
}

/** Asks what serves here how it is, as its manifest says, and tells its breaker. Runs until disposed. */
export function watchHealth(slots: ReadonlyMap<string, Slot>, log: Log): Disposable {
  const pulses = new WeakMap<Serving, Pulse>()
  const timer = setInterval(() => {
    for (const slot of slots.values()) for (const serving of slot.servings) look(serving)
  }, lookMs)
  timer.unref()

  function look(serving: Serving): void {
    const { path, intervalMs = defaultIntervalMs } = serving.generation.manifest.backend?.health ?? {}
    if (path === undefined) return
    const now = performance.now()
    const pulse = pulses.get(serving) ?? { nextAt: now + intervalMs, failures: 0, asking: false }
    pulses.set(serving, pulse)
    if (pulse.asking || now < pulse.nextAt) return
    pulse.asking = true
    void feel(serving, path, Math.min(intervalMs, mostMs), pulse).finally(() => {
      pulse.asking = false
      pulse.nextAt = performance.now() + intervalMs
    })
  }

  async function feel(serving: Serving, path: string, limitMs: number, pulse: Pulse): Promise<void> {
    const status = await ask(serving.generation, path, limitMs)
    const isWell = status !== undefined && status >= 200 && status < 300
    pulse.failures = isWell ? 0 : pulse.failures + 1
    const { plugin, version } = serving.generation.key
    if (pulse.failures === mostFailures)
      log.warn({ plugin, version, status: status ?? null }, 'a plugin is unwell: it gets no requests')
    if (isWell || pulse.failures >= mostFailures) serving.breaker.feels(isWell)
  }

  return toDisposable(() => clearInterval(timer))
}
