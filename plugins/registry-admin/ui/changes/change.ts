import type { Json } from '../config/types.ts'
import type { Canary, PluginAnswer } from '../api/host-answers.ts'
import type { NewerVersion } from '../list/rows.ts'

export type Verb = 'install' | 'upgrade' | 'promote' | 'rollback' | 'enable' | 'disable' | 'uninstall'

/** A change that somebody considers. */
export interface Change {
  readonly verb: Verb
  readonly plugin: string
  /** What it is now; null when it is not installed. */
  readonly from: string | null
  /** Of an installation or upgrade. */
  readonly version?: string
  readonly source?: 'store' | 'registry'
  /** That the version is in, where the registry has it. */
  readonly channel?: string
  /** Revision of the plugin that the person saw; of a host of before, and of what is not installed, none. */
  readonly seen?: string | undefined
}

/** How a new version is tried out; every field as the person sees it. */
export interface CanaryChoice {
  readonly by: 'percent' | 'region'
  readonly percent: string
  readonly region: string
  readonly minRequests: string
  readonly minMinutes: string
  /** Points of error rate above the version before, in percent. */
  readonly errorPoints: string
  /** How many percent slower it may be. */
  readonly slowerPercent: string
  readonly promote: 'auto' | 'manual'
}

export interface Choice {
  /** Undefined for every region that follows the common version. */
  readonly region?: string | undefined
  readonly canary?: CanaryChoice | undefined
  readonly cascade?: boolean
  /** Why it goes ahead though there is no way back. */
  readonly noRollbackReason?: string | undefined
  /** That an installation follows from then on; the instance's when left out. */
  readonly channel?: string | undefined
  /** What an installation begins with. */
  readonly config?: Json | undefined
  /** The other steps of the registry's plan. */
  readonly others?: readonly { readonly plugin: string; readonly version: string }[]
}

export const usualCanary = (region: string): CanaryChoice => ({
  by: 'percent',
  percent: '10',
  region,
  minRequests: '100',
  minMinutes: '5',
  errorPoints: '1',
  slowerPercent: '50',
  promote: 'manual',
})

/** Fields of a canary that are not numbers in their range, by name. */
export function canaryMistakes({
  by,
  percent,
  minRequests,
  minMinutes,
  errorPoints,
  slowerPercent,
}: CanaryChoice): string[] {
  const within = (text: string, least: number, most: number, whole = false) => {
    const value = Number(text.replace(',', '.'))
    return text.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value))
  }
  return [
    ...(by === 'percent' && !within(percent, 0.1, 100) ? ['percent'] : []),
    ...(within(minRequests, 1, 1_000_000, true) ? [] : ['minRequests']),
    ...(within(minMinutes, 0.02, 10_080) ? [] : ['minMinutes']),
    ...(within(errorPoints, 0, 100) ? [] : ['errorPoints']),
    ...(within(slowerPercent, 0, 9900) ? [] : ['slowerPercent']),
  ]
}

/** What is sent: the same for the request before and after step-up, which is bound to it. Only what was chosen is in it. */
export function bodyOf(
  { verb, version, source }: Change,
  { region, channel, canary, cascade, config = {}, noRollbackReason, others = [] }: Choice,
): object {
  const takesVersion = verb === 'install' || verb === 'upgrade'
  const takesRegion = verb !== 'promote'
  return {
    ...(takesVersion && version !== undefined ? { version } : {}),
    ...(takesVersion && source === 'registry' ? { from: 'registry', ...withOthers(others) } : {}),
    ...(verb === 'install' && source === 'registry' && channel !== undefined ? { channel } : {}),
    ...(takesRegion && region !== undefined ? { region } : {}),
    ...(verb === 'upgrade' && canary ? { canary: canaryBody(canary) } : {}),
    ...(verb === 'install' && Object.keys(config).length > 0 ? { config } : {}),
    ...(cascade ? { cascade } : {}),
    ...(noRollbackReason ? { acceptNoRollback: true, reason: noRollbackReason } : {}),
  }
}

function canaryBody({
  by,
  percent,
  region,
  minRequests,
  minMinutes,
  errorPoints,
  slowerPercent,
  promote,
}: CanaryChoice): object {
  const number = (text: string) => Number(text.replace(',', '.'))
  return {
    ...(by === 'percent' ? { percent: number(percent) } : { regions: [region] }),
    minRequests: number(minRequests),
    minSeconds: Math.max(1, Math.round(number(minMinutes) * 60)),
    budgets: { errorRatio: number(errorPoints) / 100, p95Ratio: 1 + number(slowerPercent) / 100 },
    promote,
  }
}

/**
 * What may be asked of an installed plugin now, the most likely first.
 * @param barred an order or the registry stands against its start
 */
export function changesOf(
  {
    id,
    version,
    enabled,
    previous,
    canary,
    state,
    revision,
  }: Pick<PluginAnswer, 'id' | 'version' | 'enabled' | 'previous' | 'canary' | 'state' | 'revision'>,
  newer: Pick<NewerVersion, 'version' | 'source'> | null,
  barred = false,
): Change[] {
  const of = (verb: Verb, more: Partial<Change> = {}): Change => ({
    ...{ verb, plugin: id, from: version, ...more },
    ...(revision === undefined ? {} : { seen: revision }),
  })
  if (canary) return [of('promote', { version: canary.version }), of('rollback', { version: canary.version })]
  const runs = enabled && state !== 'QUARANTINED'
  return [
    ...(runs && newer ? [of('upgrade', { version: newer.version, source: newer.source })] : []),
    ...(runs && previous !== null ? [of('rollback', { version: previous })] : []),
    ...(runs ? [of('disable')] : barred ? [] : [of('enable')]),
    of('uninstall'),
  ]
}

/** An installation of a version. */
export function installOf(plugin: string, { version, source, channel }: NewerVersion): Change {
  return { verb: 'install', plugin, from: null, version, source, ...(channel === null ? {} : { channel }) }
}

/** Seconds until a canary may be judged by its time; 0 when that is over. */
export function secondsLeft({ minSeconds, elapsedSeconds }: Canary): number {
  return Math.max(0, minSeconds - elapsedSeconds)
}

function withOthers(others: NonNullable<Choice['others']>): object {
  return others.length > 0 ? { with: others.map(({ plugin, version }) => ({ plugin, version })) } : {}
}
