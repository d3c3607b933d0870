import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import type { RegionId } from '@dcesop/sdk-plugin'
import type { ServiceDocument } from './model/service.ts'

/** The service as other plugins see it: no personal fields. */
export function serviceRecord(region: RegionId, service: ServiceDocument): ServiceRecord {
  const { technology, status, statusReason, networkElement, plan, label, cycleDay, timeZone } = service
  return {
    id: service._id,
    customerId: service.customerId,
    region,
    technology,
    status,
    ...(statusReason === undefined ? {} : { statusReason }),
    networkElement,
    plan,
    label,
    cycleDay,
    timeZone,
  }
}
