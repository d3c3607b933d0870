import { Problem } from '@dcesop/sdk-plugin'
import { endTrial } from '../canary/trial.ts'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { because, type Reason, told } from '../journal/reasons.ts'
import { mayFollow, type State } from '../journal/states.ts'
import { installedDependants } from './dependants.ts'
import type { Turns } from './seen.ts'
import { keyOf } from './lookup.ts'
import { dropOwnData } from './own-data.ts'
import type { LifecycleParts } from './parts.ts'
import { stopPlugin } from './start-stop.ts'

export interface UninstallRequest {
  /** Takes away what the plugin has stored, in every region; without it a later installation finds it again. */
  readonly dropData?: boolean | undefined
  readonly why?: Reason
}

/**
 * Stops a plugin and takes it out of the desired state; its packages and its journal stay. That it is to go is written first: a
 * host that stops in the middle goes on at its next start, or another does when the lease has run out.
 * @throws Problem 404 `plugin_not_found`, or 409 `plugin_has_dependants` with what needs it, disabled or not
 */
export async function uninstall(
  parts: LifecycleParts,
  exclusive: Turns,
  plugin: string,
  { dropData = false, why = because('uninstalled') }: UninstallRequest,
): Promise<void> {
  await exclusive.run(plugin, async (token) => {
    const [slot, desired] = [parts.slots.get(plugin), await parts.desired.get(plugin)]
    if (!desired) throw new Problem(404, 'plugin_not_found', `Plugin "${plugin}" is not installed.`)
    await refuseNeeded(parts, plugin)
    if (slot && desired.pending?.canary) await endTrial(parts, slot, desired, token, why)
    const { pending: _, ...rest } = (await parts.desired.get(plugin)) ?? desired
    const removing = { dropData: dropData || desired.removing?.dropData === true, ...why }
    const leaving = { ...rest, enabled: false, removing, since: parts.clock.now() }
    await parts.desired.put(leaving, token)
    if (slot) await stopPlugin(parts, slot, token, why)
    await finishRemoval(parts, leaving, token)
  })
}

/** What is left to do once the plugin serves nowhere on this host; every step may be done again. */
export async function finishRemoval(parts: LifecycleParts, desired: DesiredState, token: number): Promise<void> {
  const { plugin, removing } = desired
  await parts.nodes.stopped(plugin)
  for (const key of generationsOf(desired)) await retire(parts, key, token, removing && told(removing))
  if (removing?.dropData) await dropOwnData(parts, plugin)
  await parts.desired.remove(plugin, token)
  parts.slots.delete(plugin)
  await parts.permissions.forget(plugin)
  await parts.changed()
}

async function refuseNeeded(parts: LifecycleParts, plugin: string): Promise<void> {
  const found = await installedDependants(parts, plugin)
  if (found.length === 0) return
  const dependants = found.map((one) => one.plugin)
  const named = found.map((one) => (one.enabled ? one.plugin : `${one.plugin} (disabled)`))
  const detail = `Plugin "${plugin}" is needed by ${named.join(', ')}. Uninstall ${named.length === 1 ? 'it' : 'these'} first, the last one named first.`
  throw new Problem(409, 'plugin_has_dependants', detail, { extensions: { dependants } })
}

function generationsOf(desired: DesiredState): GenerationKey[] {
  const own = Object.values(desired.regions ?? {}).flatMap(({ generation, previous }) => [generation, previous])
  const all = [keyOf(desired), desired.previous, desired.pending?.to, ...own]
  return all.flatMap((key) => key ?? [])
}

/** The rows that lead from where the host left a generation to its end. */
const wayOut: readonly State[] = ['DRAINING', 'STOPPED', 'ROLLED_BACK', 'RETIRED']

async function retire(parts: LifecycleParts, key: GenerationKey, token: number, why?: Reason): Promise<void> {
  for (const state of wayOut)
    if (mayFollow(await parts.journal.state(key), state)) await parts.journal.append(key, state, token, why)
}
