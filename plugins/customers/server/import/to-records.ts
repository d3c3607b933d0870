import { createHash } from 'node:crypto'
import type { ProblemDetail } from '@dcesop/sdk-plugin'
import { normaliseDocument } from '../documents.ts'
import { maskTail } from '../masks.ts'
import { customerId, serviceId, timelineId } from '../model/ids.ts'
import type { PersonDocument } from '../model/person.ts'
import type { ServiceDocument } from '../model/service.ts'
import type { TimelineDocument } from '../model/timeline.ts'
import { maskPhone, normalisePhone } from '../phones.ts'
import type { RegionProfile } from '../regions.ts'
import { keysOf } from '../search-keys.ts'
import type { ImportInteraction, ImportRow, ImportService } from './row-schema.ts'

/** Raised by the first part of a row that breaks a rule beyond the schema. */
class RowError extends Error {
  readonly code: string
  readonly pointer: string

  constructor(code: string, pointer: string, message: string) {
    super(message)
    this.code = code
    this.pointer = pointer
  }
}

export interface CustomerRecords {
  readonly person: Omit<PersonDocument, 'updatedAt'>
  readonly services: readonly ServiceDocument[]
  readonly timeline: readonly TimelineDocument[]
}

function phoneNumber(text: string, profile: RegionProfile, pointer: string): string {
  const number = normalisePhone(text, profile.country)
  if (number === undefined) throw new RowError('invalid_phone', pointer, `No valid phone number of ${profile.country}.`)
  return number
}

function toDocuments(row: ImportRow, profile: RegionProfile): PersonDocument['personal']['documents'] {
  return row.documents.map(({ kind, value }, index) => {
    const normalised = profile.documents.includes(kind) ? normaliseDocument(kind, value) : undefined
    if (normalised === undefined) {
      throw new RowError('invalid_document', `/documents/${index}/value`, `No valid ${kind} of ${profile.country}.`)
    }
    return { kind, value: normalised }
  })
}

function toService(
  service: ImportService,
  index: number,
  row: ImportRow,
  region: string,
  profile: RegionProfile,
): ServiceDocument {
  const account = row.accounts.find((candidate) => candidate.number === service.account)
  if (account === undefined) {
    throw new RowError(
      'unknown_account',
      `/services/${index}/account`,
      'The account is not among the accounts of the row.',
    )
  }
  const mobile = service.technology === 'mobile'
  const number = mobile
    ? phoneNumber(service.number, profile, `/services/${index}/number`)
    : service.number.toUpperCase()
  return {
    _id: serviceId(region, service.externalId),
    customerId: customerId(region, row.externalId),
    externalId: service.externalId,
    technology: service.technology,
    status: service.status,
    ...(service.statusReason === undefined ? {} : { statusReason: service.statusReason }),
    personal: { number },
    label: mobile ? maskPhone(number) : maskTail(number),
    account: service.account,
    networkElement: service.networkElement,
    plan: service.plan,
    devices: service.devices,
    cycleDay: account.cycleDay,
    timeZone: service.timeZone ?? profile.timeZone,
  }
}

function toEntry(interaction: ImportInteraction, customer: string): TimelineDocument {
  const { externalId, at, kind, channel, subject, amount, currency } = interaction
  const values = {
    ...(subject === undefined ? {} : { subject }),
    ...(amount === undefined || currency === undefined ? {} : { amount, currency }),
  }
  return {
    _id: timelineId(customer, `import:${externalId}`),
    customerId: customer,
    at: new Date(at),
    kind,
    channel,
    titleKey: `timeline.${kind}`,
    ...(Object.keys(values).length === 0 ? {} : { values }),
  }
}

function convert(row: ImportRow, region: string, profile: RegionProfile): CustomerRecords {
  const documents = toDocuments(row, profile)
  const phones = row.phones.map(({ label, number }, index) => ({
    label,
    number: phoneNumber(number, profile, `/phones/${index}/number`),
  }))
  const services = row.services.map((service, index) => toService(service, index, row, region, profile))
  if (new Set(services.map((service) => service._id)).size < services.length) {
    throw new RowError('duplicate_service', '/services', 'Two services of the row have the same externalId.')
  }
  const lines = services.filter(({ technology }) => technology === 'mobile').map(({ personal }) => personal.number)
  const person = {
    _id: customerId(region, row.externalId),
    externalId: row.externalId,
    revision: createHash('sha256').update(JSON.stringify(row)).digest('base64url'),
    personal: {
      givenNames: row.givenNames,
      familyNames: row.familyNames,
      ...(row.birthDate === undefined ? {} : { birthDate: row.birthDate }),
      ...(row.city === undefined ? {} : { city: row.city }),
      documents,
      phones,
      emails: row.emails.map((email) => email.toLowerCase()),
    },
    keys: keysOf({
      names: `${row.givenNames} ${row.familyNames}`,
      phones: [...phones.map((phone) => phone.number), ...lines],
      documents: documents.map((document) => document.value),
      accounts: row.accounts.map((account) => account.number),
      emails: row.emails,
    }),
    language: row.language,
    segment: row.segment,
    since: row.since,
    accounts: row.accounts,
  }
  const timeline = (row.interactions ?? []).map((interaction) => toEntry(interaction, person._id))
  return { person, services, timeline }
}

/** The records of a row with numbers and documents checked against the region's country, or the rule that it breaks. */
export function toRecords(
  line: number,
  row: ImportRow,
  region: string,
  profile: RegionProfile,
): { records: CustomerRecords } | { error: ProblemDetail } {
  try {
    return { records: convert(row, region, profile) }
  } catch (error) {
    if (!(error instanceof RowError)) throw error
    return { error: { line, pointer: error.pointer, code: error.code, message: error.message } }
  }
}
