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
    if (!slot || slot.generations.length === 0) return
    const { generations } = slot
    const { version } = slot
    slot.close()
    for (const { key } of generations)
      if (mayFollow(await parts.journal.state(key), 'QUARANTINED'))
        await parts.journal.append(key, 'QUARANTINED', token, reason)
    slot.show(version, 'QUARANTINED', reason)
    await parts.changed()
    for (const generation of generations) await end(generation)
    await parts.ports.topics.release(plugin)
    await parts.changed()
  })
}

async function end(generation: Generation): Promise<void> {
  await generation.pause()
  await generation.drain()
  await generation.stop()
}
