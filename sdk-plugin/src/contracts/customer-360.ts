/** Context of extension point `customer360.panel/v1` and `customer360.banner/v1`: frozen data, no personal fields. */
export interface Customer360Context {
  readonly region: string
  readonly customerId: string
  /** Country of the customer, ISO 3166-1 alpha-2: numbers, dates and money follow it, not the UI language. */
  readonly country: string
  readonly timeZone: string
  readonly services: readonly {
    readonly id: string
    readonly technology: 'mobile' | 'fibre'
    readonly label: string
    readonly planName: string
    readonly status: string
  }[]
}

/** One entry of the customer timeline, as plugins provide it through capability `customer.timeline` or their own events. */
export interface TimelineEntry {
  readonly id: string
  readonly at: string
  readonly kind: string
  readonly channel: 'call' | 'chat' | 'email' | 'sms' | 'portal' | 'store' | 'system'
  /** Message id in the providing plugin's catalogue. */
  readonly titleKey: string
  readonly values?: Readonly<Record<string, string | number>>
  /** The title by locale (es, pt-BR, en, deltas if any): screens of other plugins do not have the provider's catalogue. */
  readonly title?: Readonly<Record<string, string>>
}

/** Event topic `customers.timeline-entry/v1`: any plugin adds to a customer's timeline. The key is the customer id. */
export interface TimelineEntryAdded {
  readonly customerId: string
  readonly entry: TimelineEntry
}
