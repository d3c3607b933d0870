import { createHash } from 'node:crypto'
import type { RegionId } from '@dcesop/sdk-plugin'

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * Opaque id of a record: 100 bits of SHA-256 over its origin, in Crockford's base 32.
 * Derived and not drawn, so that an import that is repeated after a crash meets the records of the first attempt.
 */
function opaqueId(prefix: string, ...origin: readonly string[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([prefix, ...origin]))
    .digest()
  let id = prefix
  for (let index = 0; index < 20; index++) id += alphabet[(digest[index] as number) & 31]
  return id
}

/** @param externalId the person's id in the system that owns the record, for example the CRM */
export function customerId(region: RegionId, externalId: string): string {
  return opaqueId('c_', region, externalId)
}

/** @param externalId the service's id in the system that owns the record */
export function serviceId(region: RegionId, externalId: string): string {
  return opaqueId('s_', region, externalId)
}

/** @param key what makes the entry the same entry when it comes again, for example an event id */
export function timelineId(customer: string, key: string): string {
  return opaqueId('t_', customer, key)
}

export const idPattern = {
  customer: '^c_[0-9a-hjkmnp-tv-z]{20}$',
  service: '^s_[0-9a-hjkmnp-tv-z]{20}$',
} as const
