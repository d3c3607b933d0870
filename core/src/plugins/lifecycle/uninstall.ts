import { mayFollow } from '../journal/states.ts'
import type { Exclusive } from './exclusive.ts'
import { keyOf } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import { stopPlugin } from './start-stop.ts'

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
    await parts.desired.remove(plugin)
    await stopPlugin(parts, slot, token, reason)
    parts.slots.delete(plugin)
    const key = keyOf(desired)
    if (mayFollow(await parts.journal.state(key), 'RETIRED')) await parts.journal.append(key, 'RETIRED', token, reason)
    await parts.changed()
  })
}
