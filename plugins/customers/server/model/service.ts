import type { PlanPromise, ServiceRecord, Technology } from '@dcesop/sdk-plugin/contracts'
import { Schema } from 'mongoose'

/** A line or fixed service as stored in the region's database. */
export interface ServiceDocument {
  readonly _id: string
  readonly customerId: string
  readonly externalId: string
  readonly technology: Technology
  readonly status: ServiceRecord['status']
  readonly statusReason?: string
  /** The line's number (E.164) or the access id: identifies the person. */
  readonly personal: { readonly number: string }
  /** The number as it may be shown without a reveal. */
  readonly label: string
  readonly account: string
  readonly networkElement: ServiceRecord['networkElement']
  readonly plan: { readonly id: string; readonly name: string; readonly promise: PlanPromise }
  readonly devices: readonly DeviceRecord[]
  readonly cycleDay: number
  readonly timeZone: string
}

export interface DeviceRecord {
  readonly kind: 'handset' | 'cpe' | 'ont'
  readonly maker: string
  readonly model: string
  readonly serial: string
}

export const serviceSchema = new Schema<ServiceDocument>(
  {
    _id: { type: String, required: true },
    customerId: { type: String, required: true },
    externalId: { type: String, required: true },
    technology: { type: String, required: true },
    status: { type: String, required: true },
    statusReason: String,
    personal: { type: Schema.Types.Mixed, required: true },
    label: { type: String, required: true },
    account: { type: String, required: true },
    networkElement: { kind: String, id: String, site: String },
    plan: { type: Schema.Types.Mixed, required: true },
    devices: { type: [Schema.Types.Mixed], required: true },
    cycleDay: { type: Number, required: true },
    timeZone: { type: String, required: true },
  },
  { collection: 'customers_services', versionKey: false, strict: 'throw', strictQuery: 'throw' },
)
serviceSchema.index({ customerId: 1 })
serviceSchema.index({ 'networkElement.id': 1, _id: 1 })
