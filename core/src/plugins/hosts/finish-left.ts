import type { DesiredState, Together } from '../journal/desired.ts'
import { isTransient } from '../journal/states.ts'
import { finish } from '../lifecycle/finish.ts'
import { startAgain } from '../lifecycle/cascade.ts'
import type { Exclusive, TokenOf } from '../lifecycle/exclusive.ts'
import { mainRegions } from '../lifecycle/lanes.ts'
import type { LifecycleParts } from '../lifecycle/parts.ts'
import { settle, takeAlong } from '../lifecycle/settle.ts'
import { wantTogether } from '../lifecycle/together.ts'
import { converge } from './converge.ts'

/**
 * Settles a change whose host is gone, as at a start: it holds no lease any more. The dependants that it had stopped for it run again,
 * in the versions that go with what came of it; what was to be enabled or disabled together is.
 * @param seen before: what was changing with the plugin then is held too
 * @param isOurs this host itself left it, and does not know how far it came
 * @throws Problem 409 `plugin_busy` while some host is at it
 */
export async function finishLeft(
  parts: LifecycleParts,
  exclusive: Exclusive,
  plugin: string,
  seen: DesiredState | undefined,
  isOurs = false,
): Promise<void> {
  const dependants = othersOf(seen)
  await exclusive.quietlyAll([plugin, ...dependants], async (tokenOf) => {
    const state = await parts.desired.get(plugin)
    const slot = parts.slots.get(plugin)
    if (!state || !slot || !(isOurs || (await isUnderWay(parts, state)))) return
    // Written down since it was looked at: the dependants are not held here.
    if (othersOf(state).some((one) => !dependants.includes(one))) return
    if (state.together) return finishTogether(parts, state, state.together, tokenOf)
    if (state.companions) await takeAlong(parts, state, tokenOf)
    await finish(parts, slot, state, tokenOf(plugin), isOurs)
    for (const dependant of dependants) await runAgain(parts, dependant, tokenOf)
    const { companions: left, ...alone } = (await parts.desired.get(plugin)) ?? state
    if (left) await parts.desired.put(alone, tokenOf(plugin))
  })
}

function othersOf({ companions = [], together }: Partial<DesiredState> = {}): string[] {
  return [...companions.map(({ to }) => to.plugin), ...(together?.plugins ?? [])]
}

/** Providers start first and stop last, here as where it was asked. */
async function finishTogether(
  parts: LifecycleParts,
  state: DesiredState,
  { verb, plugins }: Together,
  tokenOf: TokenOf,
): Promise<void> {
  await wantTogether(parts, state, tokenOf)
  if (verb === 'enable') {
    for (const plugin of [state.plugin, ...plugins]) await runAgain(parts, plugin, tokenOf)
    return
  }
  for (const plugin of [...plugins, state.plugin]) {
    const [slot, desired] = [parts.slots.get(plugin), await parts.desired.get(plugin)]
    if (!slot || !desired || desired.enabled) continue
    await settle(parts, desired, tokenOf(plugin))
    await converge(parts, slot, desired)
  }
}

/** Whether some host is changing the plugin, or was when it ended; a canary that serves its cohort is no change. */
export async function isUnderWay(parts: LifecycleParts, desired: DesiredState | undefined): Promise<boolean> {
  if (!desired) return false
  if (desired.removing) return true
  if (desired.pending) return !desired.pending.canary?.startedAt
  if (desired.companions || desired.together) return true
  const state = await parts.journal.state(desired)
  // It was about to be started, for the first time or again, or was stopped for a change of what it needs.
  if (desired.enabled && (state === undefined || state === 'STOPPED') && mainRegions(parts, desired).length > 0)
    return true
  // Its host ended before the rows.
  if (!desired.enabled && (state === 'ACTIVE' || state === 'DEGRADED')) return true
  // The last row of all is another generation's while a region changes.
  const [last] = await parts.journal.of(desired.plugin, 1)
  return [state, last?.to].some((one) => one !== undefined && isTransient(one))
}

/** What was stopped, or was starting, for the change; what is put aside for another reason stays so. */
async function runAgain(parts: LifecycleParts, plugin: string, tokenOf: TokenOf): Promise<void> {
  const slot = parts.slots.get(plugin)
  const desired = await parts.desired.get(plugin)
  if (!slot || !desired?.enabled) return
  try {
    if (await isUnderWay(parts, desired)) await finish(parts, slot, desired, tokenOf(plugin))
    await converge(parts, slot, desired)
    if ((await parts.journal.state(desired)) !== 'QUARANTINED') await startAgain(parts, plugin, tokenOf)
  } catch (error) {
    parts.log.error({ err: error, plugin }, 'a dependant could not be started again')
  }
}
