import type { DesiredState, Together } from '../journal/desired.ts'
import type { TokenOf } from './exclusive.ts'
import type { LifecycleParts } from './parts.ts'

/** The state of a plugin that is enabled. */
export function enabledState({ stoppedWith: _, ...desired }: DesiredState, now: Date): DesiredState {
  return { ...desired, enabled: true, since: now }
}

/** The state of one that is disabled, which ends a canary too. @param leader plugin with which it is */
export function disabledState({ pending: _, ...desired }: DesiredState, now: Date, leader?: string): DesiredState {
  return { ...desired, ...(leader === undefined ? {} : { stoppedWith: leader }), enabled: false, since: now }
}

/** What is wanted of each of several plugins that are enabled or disabled together; may be done again. */
export async function wantTogether(parts: LifecycleParts, state: DesiredState, tokenOf: TokenOf): Promise<void> {
  const { together, ...alone } = state
  if (!together) return
  for (const plugin of together.plugins) {
    const desired = await parts.desired.get(plugin)
    // Done before, or somebody has wanted something else of it since.
    if (!desired || desired.removing || desired.since > together.since) continue
    await parts.desired.put(wanted(together, desired, parts.clock.now(), state.plugin), tokenOf(plugin))
  }
  await parts.desired.put(wanted(together, alone, parts.clock.now()), tokenOf(state.plugin))
}

function wanted({ verb }: Together, desired: DesiredState, now: Date, leader?: string): DesiredState {
  return verb === 'enable' ? enabledState(desired, now) : disabledState(desired, now, leader)
}
