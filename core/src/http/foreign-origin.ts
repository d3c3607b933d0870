import { type Identity, Problem } from '@dcesop/sdk-plugin'
import type { IncomingMessage } from 'node:http'
import { denial, type Refusal } from '../audit/denial.ts'
import type { AuditPort, Authenticator } from '../ports.ts'

export interface ForeignOriginDeps {
  readonly authenticator: Authenticator
  readonly audit: AuditPort
  /** Throws a Problem 429 when this caller has used up its share. */
  readonly limit?: ((request: IncomingMessage, identity: Identity | undefined) => Promise<void>) | undefined
}

/** A web origin that a browser would send; anything else in the header was typed by somebody. */
const webOrigin = /^https?:\/\/[a-z0-9.-]{1,253}(?::\d{1,5})?$/

/**
 * Refuses what a page of another origin sends, once it is on record in whose name, where the person's cookie came with it, and from
 * which page. Nothing of it is the person's activity.
 * @throws Problem always: 403 `foreign_origin`, or 429 when there were too many of them
 */
export async function refuseForeignOrigin(
  request: IncomingMessage,
  { authenticator, audit, limit }: ForeignOriginDeps,
  about: Pick<Refusal, 'plugin'> = {},
): Promise<never> {
  const identity = await authenticator.authenticate(request, { activity: false })
  await limit?.(request, identity)
  const { origin } = request.headers
  const from = origin !== undefined && webOrigin.test(origin) ? { details: { origin } } : {}
  await audit.append(denial(request, identity, { reason: 'foreign_origin', ...about, ...from }))
  throw new Problem(403, 'foreign_origin', 'The request comes from a page of another origin.')
}
