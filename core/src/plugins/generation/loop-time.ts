import { type Disposable, toDisposable } from '@dcesop/sdk-plugin'

/** From here on the event loop is held: nobody else is served meanwhile. */
const heldMs = 50
const beatMs = 20

type Charge = (plugin: string, heldMs: number, version: string | undefined) => void

const charges = new Set<Charge>()
/** When it was last known who runs, and the processor time of this thread at the last beat, ms. */
let lastAt = 0
let usedAtBeat = 0

/** For how long plugins held the event loop since the start of the process, ms: all, and each. */
let heldByAll = 0
const heldBy = new Map<string, number>()

const usedMs = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/**
 * Samples the event loop, and tells which plugin held it: the one whose code turns up after a time in which nothing else got a
 * turn. Time in which the machine gave this thread no processor is nobody's. Runs until disposed.
 */
export function watchLoop(charge: Charge): Disposable {
  const beat = () => {
    lastAt = performance.now()
    usedAtBeat = usedMs()
  }
  beat()
  charges.add(charge)
  const timer = setInterval(beat, beatMs)
  timer.unref()
  return toDisposable(() => {
    clearInterval(timer)
    charges.delete(charge)
  })
}

/** The code of the plugin runs, or has just run. @param plugin undefined when what ran until now was the host's own */
export function ran(plugin: string | undefined, version?: string): void {
  if (charges.size === 0) return
  const now = performance.now()
  const held = now - lastAt
  lastAt = now
  if (plugin === undefined || held < heldMs) return
  const own = Math.min(held, usedMs() - usedAtBeat)
  if (own < heldMs) return
  heldByAll += held
  heldBy.set(plugin, (heldBy.get(plugin) ?? 0) + held)
  for (const charge of charges) charge(plugin, own, version)
}

/** A clock that stands still while another plugin holds the event loop, ms: that is not the time which this one takes. */
export function ownTime(plugin: string): number {
  return performance.now() - heldByAll + (heldBy.get(plugin) ?? 0)
}
