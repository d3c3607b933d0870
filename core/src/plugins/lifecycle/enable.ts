import { Problem } from '@dcesop/sdk-plugin'
import { endTrial } from '../canary/trial.ts'
import type { DesiredState, Together } from '../journal/desired.ts'
import { because } from '../journal/reasons.ts'
import { startOrder } from '../resolver/order.ts'
import { startAgain, stopAll, stopOrder } from './cascade.ts'
import { runningDependants } from './dependants.ts'
import type { TokenOf } from './exclusive.ts'
import type { Turns } from './seen.ts'
import { currentOf, installedOf } from './lookup.ts'
import { servesAll } from './lanes.ts'
import type { LifecycleParts } from './parts.ts'
import { startPlugin, stopPlugin } from './start-stop.ts'
import { disabledState, enabledState } from './together.ts'

/** @param cascade starts what was stopped with the plugin too; when one does not start, all are stopped again */
export async function enable(parts: LifecycleParts, exclusive: Turns, plugin: string, cascade: boolean): Promise<void> {
  const followers = cascade ? await stoppedWith(parts, plugin) : []
  const all = [plugin, ...followers.map((state) => state.plugin)]
  await exclusive.runAll(all, async (tokenOf) => {
    const installed = await installedOf(parts, plugin)
    // A version of it may have been put into quarantine in some regions only.
    if (installed.slot.generations.length > 0 && servesAll(parts, installed.slot, installed.desired))
      throw new Problem(409, 'plugin_enabled', `Plugin "${plugin}" is running.`)
    const cascading = followers.length > 0
    if (cascading) await noteTogether(parts, installed.desired, 'enable', all.slice(1), tokenOf(plugin))
    const started: string[] = []
    try {
      for (const one of all) {
        const { slot: own, desired } = await currentOf(parts, one)
        const wanted = enabledState(desired, parts.clock.now())
        await parts.desired.put(wanted, tokenOf(one))
        started.push(one)
        await startPlugin(parts, own, wanted, tokenOf(one), because('enabled'))
      }
    } catch (error) {
      if (!cascade) throw error
      if (cascading) await noteTogether(parts, installed.desired, 'disable', all.slice(1), tokenOf(plugin))
      for (const one of started.reverse()) await putToRest(parts, one, one === plugin ? undefined : plugin, tokenOf)
      await allAre(parts, plugin, tokenOf(plugin))
      throw error
    }
    await allAre(parts, plugin, tokenOf(plugin))
  })
}

/**
 * Ends a canary too.
 * @param cascade stops the plugins that need it first, the outermost at the beginning; when one cannot be stopped, all run again
 * @throws Problem 409 `plugin_has_dependants` with the list of running plugins that need it
 */
export async function disable(
  parts: LifecycleParts,
  exclusive: Turns,
  plugin: string,
  cascade: boolean,
): Promise<void> {
  const dependants = cascade ? stopOrder(parts, plugin) : []
  await exclusive.runAll([plugin, ...dependants], async (tokenOf) => {
    const { slot, desired } = await installedOf(parts, plugin)
    const open = runningDependants(parts, plugin).filter((one) => !dependants.includes(one))
    if (open.length > 0) {
      const detail = `Plugin "${plugin}" is needed by ${open.join(', ')}. Disable ${open.length === 1 ? 'it' : 'these'} first, the last one named first, or with \`cascade\`.`
      throw new Problem(409, 'plugin_has_dependants', detail, { extensions: { dependants: open } })
    }
    const token = tokenOf(plugin)
    if (dependants.length > 0) await noteTogether(parts, desired, 'disable', dependants, token)
    try {
      await stopAll(parts, dependants, tokenOf, because('disabled_with', { plugin }))
      const { desired: noted } = await currentOf(parts, plugin)
      if (noted.pending?.canary) await endTrial(parts, slot, noted, token, because('disabled'))
      await putToRest(parts, plugin, undefined, tokenOf)
    } catch (error) {
      await allAre(parts, plugin, token)
      for (const one of dependants.toReversed()) await startAgain(parts, one, tokenOf)
      throw error
    }
    for (const one of dependants) await putToRest(parts, one, plugin, tokenOf)
    await allAre(parts, plugin, token)
  })
}

/** What is to become of several plugins, before anything is done to one of them. */
async function noteTogether(
  parts: LifecycleParts,
  desired: DesiredState,
  verb: Together['verb'],
  plugins: readonly string[],
  token: number,
): Promise<void> {
  await parts.desired.put({ ...desired, together: { verb, plugins, since: parts.clock.now() } }, token)
}

/** All have become so, or were put back. */
async function allAre(parts: LifecycleParts, plugin: string, token: number): Promise<void> {
  const { together, ...alone } = (await currentOf(parts, plugin)).desired
  if (together) await parts.desired.put(alone, token)
}

async function putToRest(
  parts: LifecycleParts,
  plugin: string,
  leader: string | undefined,
  tokenOf: TokenOf,
): Promise<void> {
  const { slot, desired } = await currentOf(parts, plugin)
  await parts.desired.put(disabledState(desired, parts.clock.now(), leader), tokenOf(plugin))
  const why = leader === undefined ? because('disabled') : because('disabled_with', { plugin: leader })
  await stopPlugin(parts, slot, tokenOf(plugin), why)
}

/** What a cascade stopped with the plugin, providers before their consumers. */
async function stoppedWith(parts: LifecycleParts, plugin: string): Promise<DesiredState[]> {
  const states = (await parts.desired.all()).filter((state) => state.stoppedWith === plugin && !state.enabled)
  const entries = await Promise.all(states.map(({ digest }) => parts.catalogue.byDigest(digest)))
  const order = startOrder(entries.flatMap((entry) => (entry ? [entry.manifest] : [])))
  return order.flatMap((id) => states.find((state) => state.plugin === id) ?? [])
}
