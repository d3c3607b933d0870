import type { ServiceRecord } from '@dcesop/sdk-plugin/contracts'
import { formatDocument, maskDocument } from './documents.ts'
import { maskEmail } from './masks.ts'
import type { AccountRecord, PersonDocument } from './model/person.ts'
import type { DeviceRecord, ServiceDocument } from './model/service.ts'
import { formatPhone, maskPhone } from './phones.ts'
import { serviceRecord } from './service-record.ts'
import type { CustomerStore } from './store.ts'

/** A value that is shown masked; `field` is what a reveal asks for. */
export interface MaskedValue {
  readonly field: string
  readonly label: string
  readonly masked: string
}

/** The 360 view of a customer: names in full, identifiers masked. */
export interface CustomerView {
  readonly region: string
  readonly id: string
  readonly country: string
  readonly timeZone: string
  readonly name: string
  readonly city?: string
  readonly language: string
  readonly segment: string
  readonly since: string
  readonly documents: readonly MaskedValue[]
  readonly phones: readonly MaskedValue[]
  readonly emails: readonly MaskedValue[]
  readonly accounts: readonly AccountRecord[]
  readonly services: readonly ServiceView[]
}

export type ServiceView = ServiceRecord & {
  readonly field: string
  readonly account: string
  readonly devices: readonly DeviceRecord[]
}

const statusOrder = { active: 0, suspended: 1, terminated: 2 } as const

function serviceView(store: CustomerStore, service: ServiceDocument): ServiceView {
  const { account, devices } = service
  return { ...serviceRecord(store.region, service), field: `services/${service._id}`, account, devices }
}

export function customerView(
  store: CustomerStore,
  person: PersonDocument,
  services: readonly ServiceDocument[],
): CustomerView {
  const { region, profile } = store
  const { givenNames, familyNames, city, documents, phones, emails } = person.personal
  return {
    region,
    id: person._id,
    country: profile.country,
    timeZone: profile.timeZone,
    name: `${givenNames} ${familyNames}`,
    ...(city === undefined ? {} : { city }),
    language: person.language,
    segment: person.segment,
    since: person.since,
    documents: documents.map(({ kind, value }, index) => ({
      field: `documents/${index}`,
      label: kind,
      masked: maskDocument(kind, value),
    })),
    phones: phones.map(({ label, number }, index) => ({ field: `phones/${index}`, label, masked: maskPhone(number) })),
    emails: emails.map((email, index) => ({ field: `emails/${index}`, label: 'email', masked: maskEmail(email) })),
    accounts: person.accounts,
    services: services
      .toSorted((a, b) => statusOrder[a.status] - statusOrder[b.status] || (a._id < b._id ? -1 : 1))
      .map((service) => serviceView(store, service)),
  }
}

/** The value behind a masked field, as people write it; undefined when the customer has no such field. */
export function revealedValue(
  field: string,
  person: PersonDocument,
  services: readonly ServiceDocument[],
): string | undefined {
  const [list, key = ''] = field.split('/')
  if (list === 'services') {
    const service = services.find(({ _id }) => _id === key)
    return service && (service.technology === 'mobile' ? formatPhone(service.personal.number) : service.personal.number)
  }
  const index = Number(key)
  const { documents, phones, emails } = person.personal
  const document = list === 'documents' ? documents[index] : undefined
  if (document !== undefined) return formatDocument(document.kind, document.value)
  const phone = list === 'phones' ? phones[index] : undefined
  if (phone !== undefined) return formatPhone(phone.number)
  return list === 'emails' ? emails[index] : undefined
}
