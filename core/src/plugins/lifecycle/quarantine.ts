import type { Generation } from '../generation/generation.ts'
import { mayFollow } from '../journal/states.ts'
import type { Exclusive } from './exclusive.ts'
import type { LifecycleParts } from './parts.ts'

/**
 * Takes a plugin out of service at once, whoever needs it: requests in flight are given its drain time, new ones are refused.
 * Its desired state stays, so that the reason is shown and an administrator can enable it when the reason is gone.
 * @throws Problem 409 `plugin_busy`
 */
export async function quarantine(
  parts: LifecycleParts,
  exclusive: Exclusive,
  plugin: string,
  reason: string,
): Promise<void> {
  await exclusive.run(plugin, async (token) => {
    const slot = parts.slots.get(plugin)
    const generation = slot?.active
    if (!slot || !generation) return
    slot.serve(undefined)
    const state = await parts.journal.state(generation.key)
    if (mayFollow(state, 'QUARANTINED')) await parts.journal.append(generation.key, 'QUARANTINED', token, reason)
    slot.show(generation.key.version, 'QUARANTINED', reason)
    await parts.changed()
    await end(generation)
    await parts.ports.topics.release(plugin)
    await parts.changed()
  })
}

async function end(generation: Generation): Promise<void> {
  await generation.pause()
  await generation.drain()
  await generation.stop()
}
