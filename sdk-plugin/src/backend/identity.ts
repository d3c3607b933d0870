/** Country-level region that owns a customer's data, for example `br`, `mx`, `co`. */
export type RegionId = string

/** Who makes a request, as the host established it. Never built from headers by a plugin. */
export interface Identity {
  /** Opaque, stable id of the account or machine client. */
  readonly subject: string
  readonly kind: 'employee' | 'customer' | 'machine'
  readonly displayName: string
  readonly roles: readonly string[]
  /** Permissions after the policy table was applied, for example `customers:view`. */
  readonly permissions: ReadonlySet<string>
  /** Regions whose customer data this identity may touch. */
  readonly regions: readonly RegionId[]
  readonly locale: string
  /** Session or token id for audit correlation; never the secret itself. */
  readonly sessionId: string
}
