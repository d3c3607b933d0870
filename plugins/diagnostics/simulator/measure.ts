import type { MetricValues } from '../server/metrics/catalogue.ts'
import type { Fault, FaultPlan } from './faults.ts'
import { clamp, normal, uniform, wander } from './random.ts'
import { dailyLoad, localHour } from './rhythm.ts'
import type { SimulatedService } from './service.ts'
import { usageCounters } from './usage-counters.ts'

export interface Measurement {
  readonly metrics: MetricValues
  /** Something is wrong: the service is measured more often. */
  readonly affected: boolean
}

const hourMs = 3_600_000
const minuteMs = 60_000

/**
 * What a probe would measure of a service at a moment; undefined when there is nothing to measure, for example a suspended line.
 * The same seed, service and time give the same values.
 */
export function measure(seed: string, plan: FaultPlan, service: SimulatedService, at: number): Measurement | undefined {
  const faults = faultsOf(plan, service, at)
  const affected = faults.length > 0
  if (service.status === 'terminated') return undefined
  if (service.status === 'suspended') {
    // The optical terminal answers without a subscription; a phone without one does not.
    if (service.technology === 'mobile') return undefined
    const { opticalRx = -20, uptime = 0 } = fibre(seed, service, at, [])
    return { metrics: { opticalRx, uptime }, affected: false }
  }
  const values = service.technology === 'mobile' ? mobile(seed, service, at, faults) : fibre(seed, service, at, faults)
  return { metrics: { ...values, ...usageCounters(seed, service, at) }, affected }
}

function faultsOf(plan: FaultPlan, service: SimulatedService, at: number): Fault[] {
  const always = (kind: Fault['kind']): Fault => ({ kind, startedAt: 0, endsAt: Infinity, strength: 1 })
  const told: Fault[] =
    service.story === 'weak-indoor-coverage' && service.technology === 'mobile'
      ? [always('weak-signal')]
      : service.story === 'packet-loss' && service.technology === 'fibre'
        ? [always('loss')]
        : service.story === 'cpe-reboots' && service.technology === 'fibre'
          ? [always('cpe-reboots')]
          : service.story === 'degraded-fibre-power' && service.technology === 'fibre'
            ? [always('optical-slide')]
            : []
  const drawn = [plan.ofElement(service.elementId, service.elementKind, at), plan.ofService(service, at)]
  return [...told, ...drawn.filter((fault) => fault !== undefined)]
}

function mobile(seed: string, service: SimulatedService, at: number, faults: readonly Fault[]): MetricValues {
  const own = service.serviceId
  const find = (kind: Fault['kind']): Fault | undefined => faults.find((fault) => fault.kind === kind)
  const busy = find('congestion') === undefined ? 1 : 1.5
  const load = loadOf(seed, service, at) * busy
  const weak = find('weak-signal')
  const base = weak === undefined ? clamp(-89 + 6 * normal(seed, 'rsrp', own), -101, -74) : -117.5
  const rsrp = clamp(base + 1.4 * wander(at, 10 * minuteMs, seed, 'fade', own), -125, -60)
  const sinr = clamp(
    13 + 0.35 * (rsrp + 90) - 5 * Math.min(load, 1.2) + wander(at, 5 * minuteMs, seed, 'sinr', own),
    -12,
    28,
  )
  const rsrq = clamp(
    -9 + 0.1 * (rsrp + 90) - 3 * Math.min(load, 1.2) + 0.5 * wander(at, 5 * minuteMs, seed, 'rsrq', own),
    -19,
    -5,
  )
  const crowd = find('congestion') === undefined ? 1 - 0.35 * load : 0.08
  const share = clamp(
    crowd * clamp((sinr + 8) / 16, 0.04, 1.1) * (1 + 0.05 * wander(at, 2 * minuteMs, seed, 'rate', own)),
    0.01,
    1.15,
  )
  const outage = find('backhaul-loss')
  const loss = outage === undefined ? lossOf(seed, own, at, find('loss')) : 25 * outage.strength
  const late = find('congestion') === undefined ? 18 * load * load : 330
  return rounded({
    rsrp,
    rsrq,
    sinr,
    down: (service.promise.downMbps ?? 50) * share * (outage === undefined ? 1 : 0.05),
    up: (service.promise.upMbps ?? 10) * clamp(share * 1.05, 0.01, 1.15) * (outage === undefined ? 1 : 0.1),
    latency: clamp(
      34 + late + 3 * wander(at, 3 * minuteMs, seed, 'late', own) + (outage === undefined ? 0 : 400),
      8,
      2_000,
    ),
    loss,
  })
}

function fibre(seed: string, service: SimulatedService, at: number, faults: readonly Fault[]): MetricValues {
  const own = service.serviceId
  const find = (kind: Fault['kind']): Fault | undefined => faults.find((fault) => fault.kind === kind)
  const load = loadOf(seed, service, at)
  const slide = find('optical-slide')
  const clean = clamp(-19.5 + 1.3 * normal(seed, 'rx', own), -23, -15)
  const opticalRx =
    (slide === undefined ? clean : slidden(clean, slide, at)) + 0.08 * wander(at, 20 * minuteMs, seed, 'light', own)
  const dim = clamp((-26 - opticalRx) / 2, 0, 1)
  const outage = find('backhaul-loss') ?? find('power-failure')
  const uptime = uptimeOf(seed, own, at, find('cpe-reboots'), find('power-failure'))
  const share = clamp(
    (1 - 0.12 * load) * (1 - 0.6 * dim) * (1 + 0.02 * wander(at, 2 * minuteMs, seed, 'rate', own)),
    0.01,
    1.05,
  )
  const worn = outage === undefined ? lossOf(seed, own, at, find('loss')) + 4 * dim : 30 * outage.strength
  return rounded({
    opticalRx,
    down: (service.promise.downMbps ?? 300) * share * (outage === undefined ? 1 : 0.08),
    up: (service.promise.upMbps ?? 150) * share * (outage === undefined ? 1 : 0.1),
    latency: clamp(
      7 +
        5 * load +
        wander(at, 3 * minuteMs, seed, 'late', own) +
        (outage === undefined ? 0 : 220) +
        (uptime < 300 ? 40 : 0),
      2,
      2_000,
    ),
    loss: clamp(worn, 0, 100),
    uptime,
  })
}

/** Load of the element that the service shares: the rhythm of its place, more or less crowded. */
function loadOf(seed: string, service: SimulatedService, at: number): number {
  const crowded = 0.6 + 0.4 * uniform(seed, 'crowded', service.elementId)
  return dailyLoad(localHour(at, service.timeZone)) * crowded
}

/** A fault in the open loses light slowly; the story's has reached the receiver's limit and goes on within each day. */
function slidden(clean: number, slide: Fault, at: number): number {
  if (slide.endsAt === Infinity) return -26.5 - 2 * Math.sqrt((at % (24 * hourMs)) / (24 * hourMs))
  const share = (at - slide.startedAt) / (slide.endsAt - slide.startedAt)
  return clean + (-28.5 * slide.strength - 28.5 * (1 - slide.strength) - clean) * Math.min(1, share * 1.5)
}

function lossOf(seed: string, own: string, at: number, fault: Fault | undefined): number {
  const spell = wander(at, 4 * minuteMs, seed, 'loss', own)
  if (fault === undefined) return Math.max(0, 0.1 * spell)
  return 3 + 3 * fault.strength + spell * 0.5
}

/** Seconds since the last restart: weeks for a healthy one, at most two and a half hours for a failing one. */
function uptimeOf(seed: string, own: string, at: number, failing: Fault | undefined, power: Fault | undefined): number {
  const phase = uniform(seed, 'boot', own)
  const period = failing === undefined ? 60 * 24 * hourMs : 2.5 * hourMs
  const since = (at + phase * period) % period
  const sincePower = power === undefined ? Infinity : (at - power.startedAt) % (7 * minuteMs)
  return Math.floor(Math.min(since, sincePower) / 1000)
}

function rounded(values: MetricValues): MetricValues {
  return Object.fromEntries(Object.entries(values).map(([id, value]) => [id, Math.round(value * 100) / 100]))
}
