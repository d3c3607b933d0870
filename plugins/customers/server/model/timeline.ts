import type { TimelineEntry } from '@dcesop/sdk-plugin/contracts'
import { Schema } from 'mongoose'

export const channels = ['call', 'chat', 'email', 'sms', 'portal', 'store', 'system'] as const

/** One thing that happened to a customer, kept newest first. */
export interface TimelineDocument {
  readonly _id: string
  readonly customerId: string
  readonly at: Date
  readonly kind: string
  readonly channel: TimelineEntry['channel']
  readonly titleKey: string
  readonly values?: Readonly<Record<string, string | number>>
  readonly title?: Readonly<Record<string, string>>
  /** Free text of a note. */
  readonly text?: string
  /** Who wrote a note. */
  readonly author?: string
}

export const timelineSchema = new Schema<TimelineDocument>(
  {
    _id: { type: String, required: true },
    customerId: { type: String, required: true },
    at: { type: Date, required: true },
    kind: { type: String, required: true },
    channel: { type: String, required: true },
    titleKey: { type: String, required: true },
    values: Schema.Types.Mixed,
    title: Schema.Types.Mixed,
    text: String,
    author: String,
  },
  { collection: 'customers_timeline', versionKey: false, strict: 'throw', strictQuery: 'throw' },
)
timelineSchema.index({ customerId: 1, at: -1, _id: -1 })
