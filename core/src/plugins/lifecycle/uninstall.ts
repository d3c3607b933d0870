import type { Generation } from '../generation/generation.ts'
import { mayFollow } from '../journal/states.ts'
import type { Exclusive } from './exclusive.ts'
import type { LifecycleParts } from './parts.ts'
import type { Slot } from './slot.ts'
import { windDown } from './swap.ts'

/** Takes a plugin out of the desired state and stops it; its package and its data stay. @throws Problem 409 `plugin_busy` */
export async function uninstall(
  parts: LifecycleParts,
  exclusive: Exclusive,
  plugin: string,
  reason: string,
): Promise<void> {
  await exclusive.run(plugin, async (token) => {
    const [slot, desired] = [parts.slots.get(plugin), await parts.desired.get(plugin)]
    if (!slot || !desired) return
    const { generations } = slot
    slot.close()
    parts.slots.delete(plugin)
    await parts.desired.remove(plugin)
    await parts.changed()
    for (const generation of generations) await end(parts, slot, generation, token, reason)
    await parts.ports.topics.release(plugin)
    if (mayFollow(await parts.journal.state(desired), 'RETIRED'))
      await parts.journal.append(desired, 'RETIRED', token, reason)
  })
}

/** A canary was never more than tried out. */
async function end(
  parts: LifecycleParts,
  slot: Slot,
  generation: Generation,
  token: number,
  reason: string,
): Promise<void> {
  if ((await parts.journal.state(generation.key)) !== 'CANARY')
    return windDown(parts, slot, generation, token, 'STOPPED', reason)
  await generation.drain()
  await generation.stop()
  await parts.journal.append(generation.key, 'ROLLED_BACK', token, reason)
}
