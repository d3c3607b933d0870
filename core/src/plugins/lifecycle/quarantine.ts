import type { Generation } from '../generation/generation.ts'
import type { GenerationKey } from '../journal/journal.ts'
import type { Reason } from '../journal/reasons.ts'
import { mayFollow } from '../journal/states.ts'
import type { Exclusive } from './exclusive.ts'
import type { LifecycleParts } from './parts.ts'
import type { Slot } from './slot.ts'

/**
 * Takes a plugin out of service at once, in every region and whoever needs it: requests in flight are given their drain time, new
 * ones are refused. The desired state stays, so that the reason is shown and an administrator can enable it when that is gone.
 * @param digest of the one package that is meant; every version that serves when left out
 * @param written told when the rows are, before what is in flight has ended
 * @throws Problem 409 `plugin_busy`
 */
export async function quarantine(
  parts: LifecycleParts,
  exclusive: Exclusive,
  plugin: string,
  why: Reason,
  digest?: string,
  written: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await exclusive.run(plugin, async (token) => {
    const slot = parts.slots.get(plugin)
    const barred = slot?.generations.filter(({ key }) => digest === undefined || key.digest === digest) ?? []
    if (!slot || barred.length === 0) return
    const isMain = slot.active !== undefined && barred.includes(slot.active)
    leave(slot, barred, parts.ports.data.regions)
    for (const { key } of barred) {
      // Of one version in two regions the first writes the row.
      if (mayFollow(await parts.journal.state(key), 'QUARANTINED'))
        await parts.journal.append(key, 'QUARANTINED', token, why)
      if (isMain) slot.show(key.version, 'QUARANTINED', why)
    }
    await written()
    await parts.changed()
    await Promise.all(barred.map(end))
    if (slot.generations.length === 0) await parts.ports.topics.release(plugin)
    await parts.changed()
  })
}

/**
 * The same on this host, at once and without its rows, while another host holds the plugin's lease: one that ended does so for a while.
 * @returns what served, of which the rows are to be written
 */
export function withdrawHere(
  parts: LifecycleParts,
  exclusive: Exclusive,
  plugin: string,
  why: Reason,
  digest: string,
): Promise<readonly GenerationKey[]> {
  return exclusive.here(async () => {
    const slot = parts.slots.get(plugin)
    const barred = slot?.generations.filter(({ key }) => key.digest === digest) ?? []
    if (!slot || barred.length === 0) return []
    const isMain = slot.active !== undefined && barred.includes(slot.active)
    leave(slot, barred, parts.ports.data.regions)
    if (isMain) slot.show(slot.version, 'QUARANTINED', why)
    await parts.changed()
    await Promise.all(barred.map(end))
    return barred.map(({ key }) => key)
  })
}

/** Writes the rows of what was withdrawn before. @throws Problem 409 `plugin_busy` */
export async function noteWithdrawn(
  parts: LifecycleParts,
  exclusive: Exclusive,
  { plugin, keys, why }: { plugin: string; keys: readonly GenerationKey[]; why: Reason },
): Promise<void> {
  await exclusive.run(plugin, async (token) => {
    for (const key of keys)
      if (mayFollow(await parts.journal.state(key), 'QUARANTINED'))
        await parts.journal.append(key, 'QUARANTINED', token, why)
    await parts.changed()
  })
}

/** No new request reaches these. */
function leave(slot: Slot, barred: readonly Generation[], regions: readonly string[]): void {
  const isOf = (generation: Generation | undefined) => generation !== undefined && barred.includes(generation)
  if (isOf(slot.trial?.serving.generation)) slot.endTrial()
  for (const region of regions)
    if (slot.differsIn(region) && isOf(slot.servingIn(region)?.generation)) slot.serveIn(region, undefined)
  if (isOf(slot.active)) slot.serve(undefined)
}

async function end(generation: Generation): Promise<void> {
  generation.withdraw()
  await generation.pause()
  await generation.drain()
  await generation.stop()
}
