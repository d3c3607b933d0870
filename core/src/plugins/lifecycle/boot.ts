import { resumeTrial } from '../canary/trial.ts'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import type { State } from '../journal/states.ts'
import { resolve } from '../resolver/resolve.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { BringUpFailure } from './bring-up.ts'
import type { Exclusive } from './exclusive.ts'
import { keyOf } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import { pluginConfig } from './plugin-config.ts'
import { interruptedStarts, mostInterruptedStarts, recoveryOf } from './recover.ts'
import { windowMs } from './rollback-window.ts'
import type { Slot } from './slot.ts'
import { startEverywhere } from './start-stop.ts'
import { follow } from './upgrade-together.ts'

/** Brings up what should run. One plugin's failure is its own. */
export async function boot(
  parts: LifecycleParts,
  exclusive: Exclusive,
  firstInstall: 'all' | readonly string[],
  newSlot: (plugin: string, version: string) => Slot,
): Promise<void> {
  const catalogue = await parts.catalogue.list()
  await installNew(parts, catalogue, firstInstall)
  await followCompanions(parts)
  const desired = new Map<string, DesiredState>()
  for (const state of await parts.desired.all()) {
    parts.slots.set(state.plugin, newSlot(state.plugin, state.version))
    await guarded(parts, state.plugin, async () => {
      const settled = await exclusive.run(state.plugin, (token) => settle(parts, state, token))
      desired.set(state.plugin, settled)
    })
  }
  const enabled: CatalogueEntry[] = []
  for (const state of desired.values()) {
    const entry = await parts.catalogue.byDigest(state.digest)
    if (entry) await parts.permissions.define(entry.manifest)
    if (entry && state.enabled) enabled.push(entry)
    else
      parts.slots
        .get(state.plugin)
        ?.show(
          state.version,
          state.enabled ? 'REJECTED' : 'STOPPED',
          state.enabled ? 'its package is not in the store' : 'disabled',
        )
  }
  for (const id of attemptOrder(parts, enabled)) {
    const state = desired.get(id) as DesiredState
    await guarded(parts, id, () => exclusive.run(id, (token) => startOne(parts, state, token)))
    if (state.pending?.canary)
      await guarded(parts, id, () =>
        exclusive.run(id, (token) => resumeTrial(parts, parts.slots.get(id) as Slot, state, token)),
      )
  }
  await parts.changed()
}

/** Dependants that were changing together with a plugin: where it will run in its new version, so will they. */
async function followCompanions(parts: LifecycleParts): Promise<void> {
  for (const { companions, ...state } of await parts.desired.all()) {
    if (!companions) continue
    const target = state.pending && (await parts.journal.state(state.pending.to))
    const recovery = recoveryOf(state, target).kind
    if (recovery !== 'compensate')
      for (const one of companions) {
        const entry = await parts.catalogue.byDigest(one.to.digest)
        if (entry) await follow(parts, one, windowMs(entry.manifest))
      }
    await parts.desired.put(state)
  }
}

/** Refused plugins come last: each gets its row with the explanation. */
function attemptOrder(parts: LifecycleParts, enabled: readonly CatalogueEntry[]): string[] {
  const candidates = new Map(enabled.map(({ manifest }) => [manifest.id, manifest]))
  const { order, refusals } = resolve(candidates, [...candidates.keys()], parts.engines)
  return [...new Set([...order, ...refusals.map((refusal) => refusal.plugin)])]
}

async function installNew(
  parts: LifecycleParts,
  catalogue: readonly CatalogueEntry[],
  firstInstall: 'all' | readonly string[],
) {
  const wanted =
    firstInstall === 'all'
      ? [...new Set(catalogue.filter(({ source }) => source === 'bundled').map(({ manifest }) => manifest.id))]
      : firstInstall
  for (const plugin of wanted) {
    const entry = catalogue.find(({ manifest }) => manifest.id === plugin)
    if (!entry || (await parts.desired.get(plugin))) continue
    const { digest, manifest } = entry
    const key = { plugin, version: manifest.version, digest, configRevision: '' }
    await parts.desired.put({ ...key, enabled: true, since: parts.clock.now() })
  }
}

/** Ends what the last stop interrupted, and follows a release that rebuilt the same version or a configuration that changed. */
async function settle(parts: LifecycleParts, state: DesiredState, token: number): Promise<DesiredState> {
  const recovered = await recover(parts, state, token)
  const current = await parts.catalogue.find(recovered.plugin, recovered.version)
  const digest = current?.source === 'bundled' ? current.digest : recovered.digest
  const entry = await parts.catalogue.byDigest(digest)
  const configRevision = entry ? revisionOf(parts, entry, recovered.configRevision) : recovered.configRevision
  const settled = { ...recovered, digest, configRevision }
  await parts.desired.put(settled)
  for (const key of [keyOf(settled), ...(settled.previous ? [settled.previous] : [])]) {
    if ((await parts.journal.state(key)) === 'DRAINING')
      await parts.journal.append(key, 'STOPPED', token, 'the host stopped while it drained')
  }
  return settled
}

async function recover(parts: LifecycleParts, state: DesiredState, token: number): Promise<DesiredState> {
  const { pending, ...rest } = state
  if (!pending) return state
  const target = await parts.journal.state(pending.to)
  const recovery = recoveryOf(state, target)
  parts.log.warn(
    { plugin: state.plugin, verb: pending.verb, to: pending.to.version, state: target, recovery },
    'an interrupted change is settled',
  )
  if (recovery.kind === 'compensate') {
    if (target === 'STARTING' || target === 'READY' || target === 'CANARY')
      await parts.journal.append(pending.to, 'ROLLED_BACK', token, recovery.reason)
    return rest
  }
  if (recovery.kind === 'canary') return state
  if (recovery.kind === 'none') return rest
  await putAside(parts, pending.from, token, pending.verb === 'upgrade' ? 'STOPPED' : 'ROLLED_BACK')
  const previous = pending.verb === 'upgrade' ? { previous: pending.from } : {}
  return { ...pending.to, enabled: true, since: state.since, ...previous }
}

/** The generation before does not serve after a restart of the host; its rows say so. */
async function putAside(parts: LifecycleParts, key: GenerationKey, token: number, end: State): Promise<void> {
  const state = await parts.journal.state(key)
  if (state === 'ACTIVE' || state === 'DEGRADED') await parts.journal.append(key, 'DRAINING', token, 'the host stopped')
  if (state === 'ACTIVE' || state === 'DEGRADED' || state === 'DRAINING')
    await parts.journal.append(key, end, token, 'the host stopped')
}

/** A configuration that does not fit is told when the plugin is brought up. */
function revisionOf(parts: LifecycleParts, { manifest }: CatalogueEntry, before: string): string {
  try {
    return pluginConfig(manifest, parts.configOf(manifest.id)).revision
  } catch (error) {
    parts.log.warn({ err: error, plugin: manifest.id }, 'the configuration of a plugin does not fit')
    return before
  }
}

async function startOne(parts: LifecycleParts, state: DesiredState, token: number): Promise<void> {
  const slot = parts.slots.get(state.plugin) as Slot
  const key = keyOf(state)
  const interrupted = interruptedStarts(await parts.journal.of(state.plugin), key)
  if (interrupted >= mostInterruptedStarts) {
    const reason = `The host stopped ${interrupted} times while this version started. Upgrade it, or enable it to try again.`
    await parts.journal.append(key, 'FAILED', token, reason)
    slot.show(key.version, 'FAILED', reason)
    parts.log.error({ plugin: key.plugin, version: key.version }, reason)
    return
  }
  await startEverywhere(parts, slot, state, token, 'host started')
}

/** Keeps one plugin's failure from the others; what a plugin itself did wrong is in its journal already. */
async function guarded(parts: LifecycleParts, plugin: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof BringUpFailure) return
    const reason = error instanceof Error ? error.message : String(error)
    const slot = parts.slots.get(plugin)
    if (slot && !slot.active) slot.show(slot.version, 'FAILED', reason)
    parts.log.error({ err: error, plugin }, 'plugin could not be brought up')
  }
}
