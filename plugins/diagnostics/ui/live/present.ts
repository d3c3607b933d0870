import type { I18n, Tone } from '@dcesop/sdk-plugin/ui'
import type { DisplayUnit, LiveIssue, LiveTile, MetricUnit, TileState } from './types.ts'

export const tones: Readonly<Record<TileState, Tone>> = {
  ok: 'ok',
  degraded: 'warn',
  critical: 'danger',
  stale: 'neutral',
  unknown: 'neutral',
  unjudged: 'neutral',
}

/** Worst first, as the server orders it. */
const order: readonly TileState[] = ['critical', 'degraded', 'unknown', 'stale', 'ok', 'unjudged']

/** The place of a state when the worst stands first. */
export const rankOf = (state: TileState): number => order.indexOf(state)

export function worst<T extends { readonly state: TileState }>(items: readonly T[]): T | undefined {
  return items.toSorted((a, b) => rankOf(a.state) - rankOf(b.state))[0]
}

const digits: Readonly<Partial<Record<MetricUnit, number>>> = { dBm: 1, dB: 1, Mbps: 1, ms: 0, '%': 1 }

/** A value with its unit in the person's language; a duration in the two units that matter. @param more digits than usual */
export function formatValue(i18n: I18n, value: number, unit: MetricUnit, more = 0): string {
  if (unit === 's') return formatDuration(i18n, value)
  if (unit === 'B') return i18n.unit(value / 1e9, 'GB', 1)
  if (unit === 'count') return i18n.n(value)
  return i18n.unit(value, unit, (digits[unit] ?? 0) + more)
}

/** A value beside its threshold: with as many digits as it takes to see on which side it is. */
export function formatBeside(i18n: I18n, value: number, threshold: number, unit: MetricUnit): string {
  const usual = digits[unit] ?? 0
  const more = [0, 1, 2].find((extra) => Number(value.toFixed(usual + extra)) !== threshold)
  return formatValue(i18n, value, unit, more)
}

/** Who measured, in the person's words where it is one of the product's own sources. */
export function sourceName(i18n: I18n, source: string | undefined): string {
  if (source === undefined) return i18n.t('ui.source.unknown')
  if (/^sim\b/.test(source)) return i18n.t('ui.source.simulator')
  if (source === 'diagnostics.incidents') return i18n.t('ui.source.incidents')
  return source === 'customers.directory' ? i18n.t('ui.source.directory') : source
}

function formatDuration(i18n: I18n, seconds: number): string {
  if (seconds < 60) return i18n.unit(seconds, 's', 0)
  if (seconds < 3600) return i18n.unit(seconds / 60, 'min', 0)
  if (seconds < 48 * 3600) return i18n.unit(seconds / 3600, 'h', 0)
  return i18n.t('ui.days', { days: Math.floor(seconds / 86_400) })
}

/** The unit of a tile, when it is one that a number carries; durations are shown as text. */
export function displayUnit(unit: MetricUnit): { unit: DisplayUnit; digits: number | undefined } | undefined {
  if (unit === 's' || unit === 'B' || unit === 'count') return undefined
  return { unit, digits: digits[unit] }
}

/** What the value means against its threshold. */
export function meaningOf(i18n: I18n, tile: Pick<LiveTile, 'messageId' | 'value' | 'threshold' | 'unit'>): string {
  return messageOf(i18n, tile.messageId, tile.value, tile.threshold, tile.unit)
}

/** A message about a value and the threshold that it is held against, as far as they are known. */
export function messageOf(
  i18n: I18n,
  id: string,
  value: number | undefined,
  threshold: number | undefined,
  unit: MetricUnit | undefined,
): string {
  const beside = threshold === undefined || unit === undefined ? '' : formatValue(i18n, threshold, unit)
  if (value === undefined || unit === undefined) return i18n.t(id, { value: '', threshold: beside, edge: 'beyond' })
  const told = threshold === undefined ? formatValue(i18n, value, unit) : formatBeside(i18n, value, threshold, unit)
  // The threshold itself is bad already, and neither below nor above it.
  return i18n.t(id, { value: told, threshold: beside, edge: told === beside ? 'at' : 'beyond' })
}

/** The worst value of an issue, which the service's newest may have passed before the issue's record says so. */
export function worstSeen({ worst, threshold }: LiveIssue['evidence'], newest: number | undefined): number {
  if (newest === undefined || worst === threshold) return worst
  return worst < threshold ? Math.min(worst, newest) : Math.max(worst, newest)
}
