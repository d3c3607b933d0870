import { mayFollow } from '../journal/states.ts'
import type { Exclusive } from './exclusive.ts'
import type { LifecycleParts } from './parts.ts'
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
    const generation = slot.active
    slot.serve(undefined)
    parts.slots.delete(plugin)
    await parts.desired.remove(plugin)
    await parts.changed()
    if (generation) {
      await windDown(parts, generation, token, 'STOPPED', reason)
      await parts.ports.topics.release(plugin)
    }
    if (mayFollow(await parts.journal.state(desired), 'RETIRED'))
      await parts.journal.append(desired, 'RETIRED', token, reason)
  })
}
