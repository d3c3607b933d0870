import { Problem } from '@dcesop/sdk-plugin'
import { endTrial } from '../canary/trial.ts'
import type { DesiredState } from '../journal/desired.ts'
import { because } from '../journal/reasons.ts'
import { startOrder } from '../resolver/order.ts'
import { startAgain, stopAll, stopOrder } from './cascade.ts'
import { runningDependants } from './dependants.ts'
import type { Exclusive, TokenOf } from './exclusive.ts'
import { installedOf } from './lookup.ts'
import { servesAll } from './lanes.ts'
import type { LifecycleParts } from './parts.ts'
import { startPlugin, stopPlugin } from './start-stop.ts'

/** @param cascade starts what was stopped with the plugin too; when one does not start, all are stopped again */
export async function enable(
  parts: LifecycleParts,
  exclusive: Exclusive,
  plugin: string,
  cascade: boolean,
): Promise<void> {
  const followers = cascade ? await stoppedWith(parts, plugin) : []
  const all = [plugin, ...followers.map((state) => state.plugin)]
  await exclusive.runAll(all, async (tokenOf) => {
    const installed = await installedOf(parts, plugin)
    // A version of it may have been put into quarantine in some regions only.
    if (installed.slot.generations.length > 0 && servesAll(parts, installed.slot, installed.desired))
      throw new Problem(409, 'plugin_enabled', `Plugin "${plugin}" is running.`)
    const started: string[] = []
    try {
      for (const one of all) {
        const { slot: own, desired } = await installedOf(parts, one)
        const { stoppedWith: _, ...rest } = desired
        await parts.desired.put({ ...rest, enabled: true, since: parts.clock.now() })
        started.push(one)
        await startPlugin(parts, own, { ...rest, enabled: true }, tokenOf(one), because('enabled'))
      }
    } catch (error) {
      if (!cascade) throw error
      for (const one of started.reverse()) await putToRest(parts, one, one === plugin ? undefined : plugin, tokenOf)
      throw error
    }
  })
}

/**
 * Ends a canary too.
 * @param cascade stops the plugins that need it first, the outermost at the beginning; when one cannot be stopped, all run again
 * @throws Problem 409 `plugin_has_dependants` with the list of running plugins that need it
 */
export async function disable(
  parts: LifecycleParts,
  exclusive: Exclusive,
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
    await stopAll(parts, dependants, tokenOf, because('disabled_with', { plugin }))
    try {
      if (desired.pending?.canary) await endTrial(parts, slot, desired, tokenOf(plugin), because('disabled'))
      await putToRest(parts, plugin, undefined, tokenOf)
    } catch (error) {
      for (const one of dependants.toReversed()) await startAgain(parts, one, tokenOf)
      throw error
    }
    for (const one of dependants) await putToRest(parts, one, plugin, tokenOf)
  })
}

async function putToRest(
  parts: LifecycleParts,
  plugin: string,
  stoppedWithIt: string | undefined,
  tokenOf: TokenOf,
): Promise<void> {
  const { slot, desired } = await installedOf(parts, plugin)
  const { pending: _, ...rest } = desired
  const stoppedWith = stoppedWithIt === undefined ? {} : { stoppedWith: stoppedWithIt }
  await parts.desired.put({ ...rest, ...stoppedWith, enabled: false, since: parts.clock.now() })
  const why = stoppedWithIt === undefined ? because('disabled') : because('disabled_with', { plugin: stoppedWithIt })
  await stopPlugin(parts, slot, tokenOf(plugin), why)
}

/** What a cascade stopped with the plugin, providers before their consumers. */
async function stoppedWith(parts: LifecycleParts, plugin: string): Promise<DesiredState[]> {
  const states = (await parts.desired.all()).filter((state) => state.stoppedWith === plugin && !state.enabled)
  const entries = await Promise.all(states.map(({ digest }) => parts.catalogue.byDigest(digest)))
  const order = startOrder(entries.flatMap((entry) => (entry ? [entry.manifest] : [])))
  return order.flatMap((id) => states.find((state) => state.plugin === id) ?? [])
}
