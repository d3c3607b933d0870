import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import type { DesiredState, PendingChange } from '../journal/desired.ts'
import { keyOf } from './lookup.ts'
import { wishAfter } from './wish.ts'
import { windowMs } from './rollback-window.ts'

/**
 * The desired state once a change has taken over; what regions have of their own stays.
 * @param manifest of the version that took over
 */
export function afterChange(
  desired: DesiredState,
  { verb, to }: Pick<PendingChange, 'verb' | 'to'>,
  manifest: Pick<PluginManifest, 'lifecycle'>,
  now: Date,
): DesiredState {
  const { regions } = desired
  return {
    ...keyOf(to),
    enabled: true,
    since: now,
    ...(regions ? { regions } : {}),
    ...wishAfter(desired, verb, desired.version),
    ...wayBack(desired, verb, manifest, now),
  }
}

function wayBack(
  desired: DesiredState,
  verb: PendingChange['verb'],
  manifest: Pick<PluginManifest, 'lifecycle'>,
  now: Date,
) {
  const { previous, rollbackUntil } = desired
  switch (verb) {
    case 'upgrade':
      return { previous: keyOf(desired), rollbackUntil: new Date(now.getTime() + windowMs(manifest)) }
    // The version before the last upgrade is still the one to go back to.
    case 'configure':
      return { ...(previous ? { previous } : {}), ...(rollbackUntil ? { rollbackUntil } : {}) }
    case 'rollback':
      return {}
  }
}
