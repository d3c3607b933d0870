export interface ServiceUsage {
  readonly serviceId: string
  readonly cycle: { readonly start: string; readonly end: string; readonly timeZone: string }
  readonly usedBytes?: number
  readonly allowanceBytes?: number
  readonly projection?: {
    readonly value: number
    readonly low: number
    readonly high: number
    readonly basis: 'observed' | 'assumed'
  }
  readonly topDays: readonly { readonly day: string; readonly bytes: number }[]
  readonly at?: string
  readonly source?: string
  readonly simulated?: boolean
}

/** Answer of `GET /customers/{region}/{customerId}/usage`. */
export interface UsageView {
  readonly region: string
  readonly customerId: string
  readonly at: string
  readonly services: readonly ServiceUsage[]
}
