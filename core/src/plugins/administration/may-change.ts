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
  if (policy.decide(identity, { permission: 'platform.plugins:manage' }).allowed) return
  const permission = region === undefined ? 'platform.plugins:manage' : 'platform.plugins:manage-region'
  const where = region === undefined ? {} : { region }
  const decision = policy.decide(identity, { permission, ...where })
  if (decision.allowed) return
  const { reason } = decision
  await audit.append(denial(request.raw.req, identity, { reason, details: { permission }, ...where }))
  throw new Problem(403, 'forbidden', 'Your role does not allow this.')
}
