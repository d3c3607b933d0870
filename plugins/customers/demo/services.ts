import type { ImportService } from '../server/import/row-schema.ts'
import { pick, pickCommon } from './random.ts'

export type DemoPlan = ImportService['plan']

/** Mobile plans: allowance in GB per cycle, speeds in Mbps. */
export const mobilePlans: readonly DemoPlan[] = [
  { id: 'mobile-20', name: 'Flex 20 GB', promise: { downMbps: 30, upMbps: 8, latencyMs: 60, dataGb: 20 } },
  { id: 'mobile-60', name: 'Flex 60 GB', promise: { downMbps: 60, upMbps: 15, latencyMs: 50, dataGb: 60 } },
  { id: 'mobile-max', name: 'Flex 5G Max', promise: { downMbps: 150, upMbps: 30, latencyMs: 40 } },
]

export const fibrePlans: readonly DemoPlan[] = [
  { id: 'fibre-300', name: 'Fibra 300', promise: { downMbps: 300, upMbps: 150, latencyMs: 20 } },
  { id: 'fibre-600', name: 'Fibra 600', promise: { downMbps: 600, upMbps: 300, latencyMs: 15 } },
  { id: 'fibre-1000', name: 'Fibra 1 Giga', promise: { downMbps: 1000, upMbps: 500, latencyMs: 12 } },
]

const handsets = [
  ['Samsung', 'Galaxy A15'],
  ['Motorola', 'Moto G54'],
  ['Xiaomi', 'Redmi Note 13'],
  ['Samsung', 'Galaxy S23'],
  ['Apple', 'iPhone 13'],
] as const
const gateways = [
  ['ZTE', 'F670L'],
  ['Huawei', 'HG8145X6'],
  ['Nokia', 'G-1425G-B'],
] as const

function serial(random: () => number, prefix: string): string {
  return (
    prefix +
    Math.floor(random() * 0xffffffff)
      .toString(16)
      .toUpperCase()
      .padStart(8, '0')
  )
}

function statusOf(random: () => number): Pick<ImportService, 'status' | 'statusReason'> {
  return random() < 0.97 ? { status: 'active' } : { status: 'suspended', statusReason: 'payment_overdue' }
}

export function mobileService(
  externalId: string,
  account: string,
  number: string,
  networkElement: ImportService['networkElement'],
  random: () => number,
): ImportService {
  const [maker, model] = pick(random, handsets)
  return {
    externalId,
    account,
    technology: 'mobile',
    ...statusOf(random),
    number,
    networkElement,
    plan: pickCommon(random, mobilePlans),
    devices: [{ kind: 'handset', maker, model, serial: serial(random, 'HS') }],
  }
}

/** @param reference number that the access id is made of */
export function fibreService(
  externalId: string,
  account: string,
  reference: string,
  networkElement: ImportService['networkElement'],
  random: () => number,
): ImportService {
  const [maker, model] = pick(random, gateways)
  return {
    externalId,
    account,
    technology: 'fibre',
    ...statusOf(random),
    number: `FTTH${reference}`,
    networkElement,
    plan: pickCommon(random, fibrePlans),
    devices: [{ kind: 'ont', maker, model, serial: serial(random, maker.slice(0, 4).toUpperCase()) }],
  }
}
