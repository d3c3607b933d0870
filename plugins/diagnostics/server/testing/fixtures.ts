import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import shipped from '../../data/thresholds.json' with { type: 'json' }
import type { MetricValues } from '../metrics/catalogue.ts'
import { ThresholdBook } from '../metrics/threshold-rules.ts'
import type { SampleDocument } from '../series/sample.ts'

/** Inventory records and samples for specs. */
export const book = new ThresholdBook(shipped)

export function mobileService(change: Partial<ServiceRecord> = {}): ServiceRecord {
  return {
    id: 's_mobile',
    customerId: 'c_one',
    region: 'br',
    technology: 'mobile',
    status: 'active',
    networkElement: { kind: 'cell', id: 'cell-1', site: 'São Paulo' },
    plan: { id: 'mobile-60', name: 'Móvel 60', promise: { downMbps: 40, upMbps: 10, dataGb: 60 } },
    label: '+55 11 9••••-4321',
    cycleDay: 5,
    timeZone: 'America/Sao_Paulo',
    ...change,
  }
}

export function fibreService(change: Partial<ServiceRecord> = {}): ServiceRecord {
  return {
    ...mobileService(),
    id: 's_fibre',
    technology: 'fibre',
    networkElement: { kind: 'olt', id: 'olt-1', site: 'São Paulo' },
    plan: { id: 'fibre-300', name: 'Fibra 300', promise: { downMbps: 300, upMbps: 150 } },
    ...change,
  }
}

export function sampleAt(
  at: string | number | Date,
  values: MetricValues,
  change: Partial<SampleDocument> = {},
): SampleDocument {
  const moment = new Date(at)
  return {
    _id: `probe:${moment.getTime()}`,
    source: 'probe',
    serviceId: 's_mobile',
    at: moment,
    ingestedAt: moment,
    metrics: values,
    simulated: false,
    ...change,
  }
}
