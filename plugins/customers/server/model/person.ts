import { Schema } from 'mongoose'
import type { DocumentKind } from '../regions.ts'

/** A customer as stored in the region's database. */
export interface PersonDocument {
  readonly _id: string
  /** Id in the system that owns the record; imports are matched by it. */
  readonly externalId: string
  /** Digest of the imported row: an unchanged row writes nothing. */
  readonly revision: string
  /** Everything that identifies the person, in one place so that it can be encrypted per person. */
  readonly personal: PersonalData
  /** Typed search keys, see `search-keys.ts`. */
  readonly keys: readonly string[]
  readonly language: string
  readonly segment: string
  /** Day on which the person became a customer, YYYY-MM-DD. */
  readonly since: string
  readonly accounts: readonly AccountRecord[]
  readonly updatedAt: Date
}

export interface PersonalData {
  readonly givenNames: string
  readonly familyNames: string
  readonly birthDate?: string
  readonly city?: string
  readonly documents: readonly { readonly kind: DocumentKind; readonly value: string }[]
  /** Numbers in E.164. */
  readonly phones: readonly { readonly label: string; readonly number: string }[]
  readonly emails: readonly string[]
}

export interface AccountRecord {
  readonly number: string
  /** Day of month on which the billing cycle starts, 1 to 28. */
  readonly cycleDay: number
  /** ISO 4217. */
  readonly currency: string
}

export const personSchema = new Schema<PersonDocument>(
  {
    _id: { type: String, required: true },
    externalId: { type: String, required: true },
    revision: { type: String, required: true },
    personal: { type: Schema.Types.Mixed, required: true },
    keys: { type: [String], required: true },
    language: { type: String, required: true },
    segment: { type: String, required: true },
    since: { type: String, required: true },
    accounts: { type: [Schema.Types.Mixed], required: true },
    updatedAt: { type: Date, required: true },
  },
  { collection: 'customers_people', versionKey: false, strict: 'throw', strictQuery: 'throw' },
)
personSchema.index({ keys: 1 })
