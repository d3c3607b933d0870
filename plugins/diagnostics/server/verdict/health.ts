import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import type { IncidentDocument } from '../issues/incident.ts'
import type { MetricId, Unit } from '../metrics/catalogue.ts'
import { usedPercent, type UsageSummary } from '../usage/usage.ts'
import type { Tile, TileState } from './tiles.ts'

/** One part of a customer's health: a number, its unit, when and where it comes from. */
export interface HealthPart {
  readonly part: 'network' | 'usage' | 'billing'
  readonly state: TileState
  readonly messageId: string
  readonly serviceId?: string
  readonly metric?: MetricId
  readonly value?: number
  readonly unit?: Unit
  readonly at?: Date
  readonly source?: string
}

export interface Health {
  readonly state: TileState
  readonly messageId: string
  readonly parts: readonly HealthPart[]
}

/** Worst first. What is not known stands above `ok`: health is never green on missing data. */
const severity: readonly TileState[] = ['critical', 'degraded', 'unknown', 'stale', 'ok', 'unjudged']
const worseFirst = (a: { state: TileState }, b: { state: TileState }): number =>
  severity.indexOf(a.state) - severity.indexOf(b.state)

/** What is cut off or runs out on purpose is told as that, and not as a failure of the network. */
const onPurpose: Partial<Record<`${HealthPart['part']}.${TileState}`, string>> = {
  'billing.critical': 'health.suspended',
  'usage.critical': 'health.exhausted',
  'usage.degraded': 'health.runningOut',
}

/** The customer's health from its parts; as good as the worst of them, of equals the first. */
export function healthOf(parts: readonly HealthPart[]): Health {
  const [worst] = parts.toSorted(worseFirst)
  const state = worst?.state ?? 'unknown'
  const purpose = worst && onPurpose[`${worst.part}.${worst.state}`]
  return { state, messageId: purpose ?? `health.${state}`, parts }
}

interface MeasuredService {
  readonly service: ServiceRecord
  readonly tiles: readonly Tile[]
}

/**
 * The worst of what is measured of the services that should work and of what is reported of their cells and OLTs: good values do not
 * contradict an open incident. A service that is switched off is not the network's fault.
 * @param incidents open ones, worst first
 */
export function networkPart(
  services: readonly MeasuredService[],
  incidents: readonly IncidentDocument[] = [],
): HealthPart {
  const active = services.filter(({ service }) => service.status === 'active')
  if (active.length === 0) return { part: 'network', state: 'unknown', messageId: 'health.network.inactive' }
  const measured = measuredPart(active)
  const reported = reportedPart(active, incidents)
  return reported !== undefined && worseFirst(reported, measured) < 0 ? reported : measured
}

function reportedPart(
  active: readonly MeasuredService[],
  incidents: readonly IncidentDocument[],
): HealthPart | undefined {
  const affected = (incident: IncidentDocument): MeasuredService | undefined =>
    active.find(({ service }) => incident.elementIds.includes(service.networkElement.id))
  const incident = incidents.find(affected)
  const serviceId = incident && affected(incident)?.service.id
  if (incident === undefined || serviceId === undefined) return undefined
  const { severity: state, updatedAt: at } = incident
  return { part: 'network', state, messageId: 'health.network.incident', serviceId, at, source: incidentSource }
}

/** What a part that an incident decided has for its source. */
const incidentSource = 'diagnostics.incidents'

function measuredPart(active: readonly MeasuredService[]): HealthPart {
  const tiles = active.flatMap(({ service, tiles: own }) => own.map((tile) => ({ ...tile, serviceId: service.id })))
  const known = tiles.filter(isJudged)
  // A metric that a source never sends is shown on its tile; health asks whether anything of the service was judged at all.
  const silent = active.find(({ tiles: own }) => !own.some(isJudged))
  const [worst] = known.toSorted(worseFirst)
  if (worst !== undefined && (worst.state === 'critical' || worst.state === 'degraded' || silent === undefined)) {
    const { serviceId, metric, value, unit, at, source, state, messageId } = worst
    const measured = {
      ...(value === undefined ? {} : { value }),
      ...(at === undefined ? {} : { at }),
      ...(source === undefined ? {} : { source }),
    }
    return {
      part: 'network',
      state,
      messageId: state === 'ok' ? 'health.network.ok' : messageId,
      serviceId,
      metric,
      unit,
      ...measured,
    }
  }
  return {
    part: 'network',
    state: 'unknown',
    messageId: 'health.network.unknown',
    ...(silent === undefined ? {} : { serviceId: silent.service.id }),
  }
}

/** Whether a value was held against a threshold, now or while it was fresh: without one it says nothing about health. */
const isJudged = (tile: Tile): boolean => tile.threshold !== undefined

/** Usage of active services against allowance: at 80 % it is worth a word, at 100 % the service is slowed or cut. */
export function usagePart(summaries: readonly UsageSummary[], freshSince: Date): HealthPart {
  const limited = summaries.filter((usage) => usage.allowanceBytes !== undefined)
  const parts = limited.map((usage): HealthPart => {
    if (usage.usedBytes === undefined || usage.allowanceBytes === undefined || usage.at === undefined) {
      return { part: 'usage', state: 'unknown', messageId: 'health.usage.unknown', serviceId: usage.serviceId }
    }
    const percent = usedPercent(usage.usedBytes, usage.allowanceBytes)
    const level: TileState = percent >= 100 ? 'critical' : percent >= 80 ? 'degraded' : 'ok'
    const state = usage.at < freshSince ? 'stale' : level
    return {
      part: 'usage',
      state,
      messageId: `health.usage.${state}`,
      serviceId: usage.serviceId,
      // Never rounded up: 99.96 % is not used up.
      value: Math.floor(percent * 10) / 10,
      unit: '%',
      at: usage.at,
      ...(usage.source === undefined ? {} : { source: usage.source }),
    }
  })
  const [worst] = parts.sort(worseFirst)
  return worst ?? { part: 'usage', state: 'ok', messageId: 'health.usage.unlimited' }
}

/** Billing as far as the service inventory knows it: suspended services, with the time at which it was asked. */
export function billingPart(services: readonly ServiceRecord[], askedAt: Date): HealthPart {
  const suspended = services.filter((service) => service.status === 'suspended')
  const [first] = suspended
  const asked = { value: suspended.length, unit: 'count' as const, at: askedAt, source: 'customers.directory' }
  if (first === undefined) return { part: 'billing', state: 'ok', messageId: 'health.billing.ok', ...asked }
  const overdue = first.statusReason === 'payment_overdue'
  return {
    part: 'billing',
    state: 'critical',
    messageId: overdue ? 'health.billing.overdue' : 'health.billing.suspended',
    serviceId: first.id,
    ...asked,
  }
}
