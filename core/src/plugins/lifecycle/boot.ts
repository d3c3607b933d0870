import { Problem } from '@dcesop/sdk-plugin'
import { resumeTrial } from '../canary/trial.ts'
import type { DesiredState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { because, type Reason, reasonOf, told } from '../journal/reasons.ts'
import { isTransient, type State } from '../journal/states.ts'
import { resolve } from '../resolver/resolve.ts'
import type { SafeMode, Waiting } from '../safe-mode/safe-mode.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { endAllAbandoned } from './abandoned.ts'
import { bringUp, BringUpFailure } from './bring-up.ts'
import type { Exclusive } from './exclusive.ts'
import { mainRegions, ownVersions } from './lanes.ts'
import { keyOf, sameGeneration } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import { interruptedStarts, mostInterruptedStarts } from './recover.ts'
import { giveUp, resumeChange } from './resume-change.ts'
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
    if (entry && state.enabled) {
      parts.ports.capabilities.expect(entry.manifest)
      enabled.push(entry)
    } else
      parts.slots
        .get(state.plugin)
        ?.show(
          state.version,
          state.enabled ? 'REJECTED' : 'STOPPED',
          state.enabled
            ? because('package_missing', { plugin: state.plugin, version: state.version })
            : whyDisabled(state),
        )
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

function whyDisabled({ stoppedWith }: DesiredState): Reason {
  return stoppedWith === undefined ? because('disabled') : because('disabled_with', { plugin: stoppedWith })
}

function hasEnded(state: State | undefined): boolean {
  return state !== undefined && !isTransient(state) && state !== 'STOPPED' && state !== 'ACTIVE' && state !== 'DEGRADED'
}

/** Settles a change that its host left, and brings up here what came of it. */
export async function finish(
  parts: LifecycleParts,
  slot: Slot,
  state: DesiredState,
  token: number,
  isOurs = false,
): Promise<void> {
  if (state.removing) return finishRemoval(parts, state, token)
  const settled = await settle(parts, state, token)
  if (settled.pending && !settled.pending.canary?.startedAt) {
    // Those that change with it are not held here; here they serve.
    return settled.companions ? giveUp(parts, settled, token) : resumeChange(parts, slot, settled, () => token)
  }
  const { version, enabled } = settled
  for (const { region, key } of ownVersions(settled)) {
    const here = slot.servingIn(region)?.generation.key
    if (here && sameGeneration(here, key) && (await parts.journal.state(key)) === 'CANARY')
      await parts.journal.append(key, 'ACTIVE', token, because('settled'))
  }
  const reached = await parts.journal.state(settled)
  if (slot.active && sameGeneration(slot.active.key, settled)) {
    // Its host had made it known to all, but not that all serve it.
    if (reached !== 'CANARY') return
    await parts.journal.append(settled, 'ACTIVE', token, because('settled'))
    return slot.show(version, 'ACTIVE')
  }
  if (!enabled) return slot.show(version, 'STOPPED', whyDisabled(settled))
  // What has come to an end, or serves only where regions have their own, is as it should be.
  if (isOurs && (hasEnded(reached) || mainRegions(parts, settled).length === 0)) return
  // It may have brought that host down; here it did not.
  if (!isOurs && (reached === 'STARTING' || reached === 'READY')) {
    const why = because('host_gone')
    await parts.journal.append(settled, 'FAILED', token, why)
    return slot.show(version, 'FAILED', why)
  }
  const replaced = await takeOver(parts, slot, await bringUp(parts, keyOf(settled), token, because('settled')), token)
  if (replaced) await windDown(parts, slot, replaced, token, 'STOPPED', because('settled'))
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
