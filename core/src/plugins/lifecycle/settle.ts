import { Problem } from '@dcesop/sdk-plugin'
import type { DesiredState, RegionalState } from '../journal/desired.ts'
import type { GenerationKey } from '../journal/journal.ts'
import { because } from '../journal/reasons.ts'
import type { State } from '../journal/states.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { afterChange } from './after-change.ts'
import { endAbandoned } from './abandoned.ts'
import type { Exclusive, TokenOf } from './exclusive.ts'
import { keyOf } from './lookup.ts'
import type { LifecycleParts } from './parts.ts'
import { recoveryOf } from './recover.ts'
import { windowMs } from './rollback-window.ts'
import { wantTogether } from './together.ts'
import { follow } from './upgrade-together.ts'

/** Plugins that were changing together with another when all hosts stopped. */
export async function followCompanions(parts: LifecycleParts, exclusive: Exclusive): Promise<void> {
  for (const { plugin, companions = [], together } of await parts.desired.all()) {
    const others = [...companions.map(({ to }) => to.plugin), ...(together?.plugins ?? [])]
    if (others.length === 0) continue
    try {
      await exclusive.quietlyAll([plugin, ...others], (tokenOf) => followTo(parts, plugin, tokenOf))
    } catch (error) {
      if (!(error instanceof Problem && error.status === 409)) throw error
      // A host that is gone holds one of them for a moment yet.
      exclusive.unsettled.add(plugin)
    }
  }
}

async function followTo(parts: LifecycleParts, plugin: string, tokenOf: TokenOf): Promise<void> {
  const state = await parts.desired.get(plugin)
  if (!state) return
  if (state.together) return wantTogether(parts, state, tokenOf)
  const { companions, ...alone } = state
  if (companions && (await takeAlong(parts, state, tokenOf))) await parts.desired.put(alone, tokenOf(plugin))
}

/**
 * Where a plugin will run in its new version, so will those that were changing together with it.
 * @returns false when it has to go on first: all run in the versions before until then
 */
export async function takeAlong(parts: LifecycleParts, state: DesiredState, tokenOf: TokenOf): Promise<boolean> {
  const target = state.pending && (await parts.journal.state(state.pending.to))
  const { kind } = recoveryOf(state, target)
  if (kind === 'resume') return false
  for (const one of kind === 'compensate' ? [] : (state.companions ?? [])) {
    const entry = await parts.catalogue.byDigest(one.to.digest)
    if (entry) await follow(parts, one, windowMs(entry.manifest), tokenOf(one.to.plugin))
  }
  return true
}

/** Ends what the last stop interrupted, and follows a release that rebuilt the same version or a configuration that changed. */
export async function settle(parts: LifecycleParts, state: DesiredState, token: number): Promise<DesiredState> {
  const recovered = await recover(parts, state, token)
  const current = await parts.catalogue.find(recovered.plugin, recovered.version)
  const digest = current?.source === 'bundled' ? current.digest : recovered.digest
  const entry = await parts.catalogue.byDigest(digest)
  const key = { ...keyOf(recovered), digest }
  const settled = {
    ...recovered,
    ...(entry ? await withConfig(parts, entry, key) : key),
    ...(await ofRegions(parts, recovered)),
  }
  await parts.desired.put(settled, token)
  if ((await parts.journal.state(settled)) === 'DRAINING')
    await parts.journal.append(settled, 'STOPPED', token, because('host_stopped_draining'))
  // Its host ended between that and the rows.
  if (!settled.enabled) await putAside(parts, settled, token, 'STOPPED')
  if (settled.previous) await putAside(parts, settled.previous, token, 'STOPPED')
  await endAbandoned(parts, settled, token)
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
      await parts.journal.append(pending.to, 'ROLLED_BACK', token, recovery.why)
    return rest
  }
  // Both go on once the version before serves.
  if (recovery.kind === 'canary' || recovery.kind === 'resume') return state
  if (recovery.kind === 'none') return rest
  await putAside(parts, pending.from, token, pending.verb === 'rollback' ? 'ROLLED_BACK' : 'STOPPED')
  return changed(parts, state)
}

async function changed(parts: LifecycleParts, { pending, ...rest }: DesiredState): Promise<DesiredState> {
  if (!pending) return rest
  const entry = await parts.catalogue.byDigest(pending.to.digest)
  return afterChange(rest, pending, entry?.manifest ?? {}, parts.clock.now())
}

/** The generation before does not serve after a restart of the host; its rows say so. */
async function putAside(parts: LifecycleParts, key: GenerationKey, token: number, end: State): Promise<void> {
  const state = await parts.journal.state(key)
  if (state === 'ACTIVE' || state === 'DEGRADED')
    await parts.journal.append(key, 'DRAINING', token, because('host_stopped'))
  if (state === 'ACTIVE' || state === 'DEGRADED' || state === 'DRAINING')
    await parts.journal.append(key, end, token, because('host_stopped'))
}

/** Versions of their own that regions have, with the configuration of now. */
async function ofRegions(parts: LifecycleParts, { regions }: DesiredState): Promise<Pick<DesiredState, 'regions'>> {
  if (!regions) return {}
  const settled: Record<string, RegionalState> = {}
  for (const [region, own] of Object.entries(regions)) {
    const entry = own.generation && (await parts.catalogue.byDigest(own.generation.digest))
    settled[region] =
      entry && own.generation ? { ...own, generation: await withConfig(parts, entry, own.generation) } : own
  }
  return { regions: settled }
}

/** A configuration that does not fit is told when the plugin is brought up. */
async function withConfig(
  parts: LifecycleParts,
  { manifest }: CatalogueEntry,
  key: GenerationKey,
): Promise<GenerationKey> {
  try {
    return { ...key, configRevision: parts.configOf(manifest, await parts.settings.of(key)).revision }
  } catch (error) {
    parts.log.warn({ err: error, plugin: manifest.id }, 'the configuration of a plugin does not fit')
    return key
  }
}
