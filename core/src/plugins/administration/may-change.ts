import { Problem } from '@dcesop/sdk-plugin'
import { denial } from '../../audit/denial.ts'
import { identityOf } from '../../http/core-route.ts'
import type { AuditPort, PolicyPort } from '../../ports.ts'

type RawRequest = Parameters<typeof identityOf>[0]

/**
 * Administrators of the platform change plugins everywhere; those of a region change what runs in it.
 * @param region undefined for all
 * @throws Problem 403, once the denial is on record
 */
export async function requireMayChange(
  request: RawRequest,
  region: string | undefined,
  { policy, audit }: { readonly policy: PolicyPort; readonly audit: AuditPort },
): Promise<void> {
  const identity = identityOf(request)
  if (policy.allows(identity, { permission: 'platform.plugins:manage' })) return
  const permission = 'platform.plugins:manage-region'
  if (region !== undefined && policy.allows(identity, { permission, region })) return
  const missing = { permission: region === undefined ? 'platform.plugins:manage' : permission }
  const where = region === undefined ? {} : { region }
  await audit.append(denial(request.raw.req, identity, { reason: 'permission', details: missing, ...where }))
  throw new Problem(403, 'forbidden', 'Your role does not allow this.')
}
