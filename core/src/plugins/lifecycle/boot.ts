import { Problem } from '@dcesop/sdk-plugin'
import { resumeTrial } from '../canary/trial.ts'
import { type DesiredState, whyDisabled } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { because, type Reason, reasonOf, told } from '../journal/reasons.ts'
import { resolve } from '../resolver/resolve.ts'
import type { SafeMode, Waiting } from '../safe-mode/safe-mode.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { endAllAbandoned } from './abandoned.ts'
import { bringUp, BringUpFailure } from './bring-up.ts'
import type { Exclusive } from './exclusive.ts'
import { keyOf, sameGeneration } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import { interruptedStarts, mostInterruptedStarts } from './recover.ts'
import { resumeChange } from './resume-change.ts'
import type { Slot } from './slot.ts'
import { startEverywhere } from './start-stop.ts'
import { takeOver, windDown } from './swap.ts'
import { followCompanions, settle } from './settle.ts'
import { finishRemoval } from './uninstall.ts'

/** Brings up what should run. One plugin's failure is its own. @returns what safe mode adds afterwards */
export async function boot(
  parts: LifecycleParts,
  exclusive: Exclusive,
  firstInstall: 'all' | readonly string[],
  newSlot: (plugin: string, version: string) => Slot,
  safeMode: SafeMode,
): Promise<readonly Waiting[]> {
  const catalogue = await parts.catalogue.list()
  await installNew(parts, exclusive, catalogue, firstInstall)
  await followCompanions(parts, exclusive)
  await safeMode.begin()
  const desired = new Map<string, DesiredState>()
  for (const state of await parts.desired.all()) {
    if (state.removing) {
      const { plugin } = state
      await guarded(parts, exclusive, plugin, () =>
        exclusive.run(plugin, (token) => finishRemoval(parts, state, token)),
      )
      continue
    }
    parts.slots.set(state.plugin, newSlot(state.plugin, state.version))
    await guarded(parts, exclusive, state.plugin, async () => {
      const settled = await exclusive.run(state.plugin, async (token) => {
        // As it is now: another host that starts at the same time may have been first.
        const end = await settle(parts, (await parts.desired.get(state.plugin)) ?? state, token)
        await endAllAbandoned(parts, end, token)
        return end
      })
      desired.set(state.plugin, settled)
    })
  }
  const enabled: CatalogueEntry[] = []
  for (const state of desired.values()) {
    const entry = await parts.catalogue.byDigest(state.digest)
    if (entry) await parts.permissions.define(entry.manifest)
    const slot = parts.slots.get(state.plugin) as Slot
    const { plugin, version } = state
    if (!state.enabled) slot.show(version, 'STOPPED', whyDisabled(state))
    else if (!entry) slot.show(version, 'REJECTED', because('package_missing', { plugin, version }))
    else {
      parts.ports.capabilities.expect(entry.manifest)
      enabled.push(entry)
    }
  }
  const atOnce = safeMode.atOnce(enabled.map(({ manifest }) => manifest))
  const waiting: Waiting[] = []
  const interrupted: (() => Promise<void>)[] = []
  for (const id of attemptOrder(parts, enabled)) {
    const state = desired.get(id) as DesiredState
    const slot = parts.slots.get(id) as Slot
    const isShownOnly = (await putAsideBySafeMode(parts, state)) !== undefined
    const first = atOnce.has(id) || isShownOnly ? await safeMode.firstVersion(state) : undefined
    if (first) {
      await guarded(parts, exclusive, id, () => exclusive.run(id, (token) => startOne(parts, first, token)))
      interrupted.push(() => goOn(parts, exclusive, slot, first))
    } else slot.show(state.version, 'STOPPED', because('safe_mode_waits'))
    if (first && sameGeneration(first, state)) continue
    const { manifest } = enabled.find((entry) => entry.manifest.id === id) as CatalogueEntry
    const add = first ? () => replace(parts, exclusive, slot, state) : () => startAndGoOn(parts, exclusive, slot, state)
    waiting.push({ plugin: id, key: keyOf(state), manifest, add })
  }
  // Once all that need it serve: they have the version before until the new one can.
  for (const goOnWith of interrupted) await goOnWith()
  await parts.changed()
  return waiting
}

async function startAndGoOn(
  parts: LifecycleParts,
  exclusive: Exclusive,
  slot: Slot,
  state: DesiredState,
): Promise<void> {
  await guarded(parts, exclusive, slot.id, () => exclusive.run(slot.id, (token) => startOne(parts, state, token)))
  await goOn(parts, exclusive, slot, state)
}

/** A change that the last stop of the host interrupted, beside the version that serves until it is done. */
async function goOn(parts: LifecycleParts, exclusive: Exclusive, slot: Slot, state: DesiredState): Promise<void> {
  const { pending, companions = [] } = state
  if (!pending) return
  const all = [slot.id, ...companions.map(({ to }) => to.plugin)]
  await guarded(parts, exclusive, slot.id, () =>
    exclusive.runAll(all, (tokenOf) =>
      pending.canary?.startedAt
        ? resumeTrial(parts, slot, state, tokenOf(slot.id))
        : resumeChange(parts, slot, state, tokenOf),
    ),
  )
}

/** The desired generation takes over from the one that safe mode began with. */
async function replace(parts: LifecycleParts, exclusive: Exclusive, slot: Slot, state: DesiredState): Promise<void> {
  await guarded(parts, exclusive, slot.id, () =>
    exclusive.run(slot.id, async (token) => {
      const generation = await bringUp(parts, keyOf(state), token, because('safe_mode_added'))
      const replaced = await takeOver(parts, slot, generation, token)
      if (replaced) await windDown(parts, slot, replaced, token, 'STOPPED', because('safe_mode_replaced'))
    }),
  )
  await goOn(parts, exclusive, slot, state)
}

/** Refused plugins come last: each gets its row with the explanation. */
function attemptOrder(parts: LifecycleParts, enabled: readonly CatalogueEntry[]): string[] {
  const candidates = new Map(enabled.map(({ manifest }) => [manifest.id, manifest]))
  const { order, refusals } = resolve(candidates, [...candidates.keys()], parts.engines)
  return [...new Set([...order, ...refusals.map((refusal) => refusal.plugin)])]
}

async function installNew(
  parts: LifecycleParts,
  exclusive: Exclusive,
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
    // It was here, and was uninstalled.
    if ((await parts.journal.of(plugin, 1)).length > 0) continue
    const { digest, manifest } = entry
    const key = { plugin, version: manifest.version, digest, configRevision: '' }
    const state = { ...key, enabled: true, since: parts.clock.now() }
    await guarded(parts, exclusive, plugin, () => exclusive.run(plugin, (token) => parts.desired.add(state, token)))
  }
}

async function startOne(parts: LifecycleParts, state: DesiredState, token: number): Promise<void> {
  const slot = parts.slots.get(state.plugin) as Slot
  const key = keyOf(state)
  const aside = await putAsideBySafeMode(parts, key)
  if (aside !== undefined) return slot.show(key.version, 'QUARANTINED', aside)
  const interrupted = interruptedStarts(await parts.journal.of(state.plugin), key)
  if (interrupted >= mostInterruptedStarts) {
    const why = because('start_interrupted', { count: interrupted })
    await parts.journal.append(key, 'FAILED', token, why)
    slot.show(key.version, 'FAILED', why)
    parts.log.error({ plugin: key.plugin, version: key.version }, why.reason)
    return
  }
  await startEverywhere(parts, slot, state, token, because('host_started'))
}

/** Why a generation waits for somebody: it brought the host down. Whatever else is in quarantine is judged anew. */
async function putAsideBySafeMode(parts: LifecycleParts, key: GenerationKey): Promise<Reason | undefined> {
  const last = await parts.journal.lastOf(key)
  const isAside = last?.to === 'QUARANTINED' && last.evidence !== undefined && 'safeMode' in last.evidence
  return isAside ? (told(last) ?? because('safe_mode_culprit')) : undefined
}

/** Keeps one plugin's failure from the others; what a plugin itself did wrong is in its journal already. */
async function guarded(
  parts: LifecycleParts,
  exclusive: Exclusive,
  plugin: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof BringUpFailure) return
    // A host that is gone holds it for a moment yet, or the database did not answer.
    if (!(error instanceof Problem) || error.code === 'plugin_busy') exclusive.unsettled.add(plugin)
    const slot = parts.slots.get(plugin)
    if (slot && !slot.active) slot.show(slot.version, 'FAILED', reasonOf(error))
    parts.log.error({ err: error, plugin }, 'plugin could not be brought up')
  }
}
