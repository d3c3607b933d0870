import { whyDisabled } from '../journal/desired.ts'
import type { LifecycleParts } from './parts.ts'
import type { Slot } from './slot.ts'

/** What is installed, before this host takes over what the others run. */
export async function join(parts: LifecycleParts, newSlot: (plugin: string, version: string) => Slot): Promise<void> {
  for (const state of await parts.desired.all()) {
    const slot = newSlot(state.plugin, state.version)
    parts.slots.set(state.plugin, slot)
    const entry = await parts.catalogue.byDigest(state.digest)
    if (entry) await parts.permissions.define(entry.manifest)
    if (entry && state.enabled) parts.ports.capabilities.expect(entry.manifest)
    if (!state.enabled) slot.show(state.version, 'STOPPED', whyDisabled(state))
  }
}
