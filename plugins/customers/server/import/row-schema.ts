import type { PlanPromise, ServiceRecord, Technology, TimelineEntry } from '@dcesop/sdk-plugin/contracts'
import type { DeviceRecord } from '../model/service.ts'
import { channels } from '../model/timeline.ts'
import type { AccountRecord } from '../model/person.ts'
import { oneLine } from '../one-line.ts'
import type { DocumentKind } from '../regions.ts'

/** One line of `POST /import`: the whole state of a customer, as the system that owns the record knows it. */
export interface ImportRow {
  readonly externalId: string
  readonly givenNames: string
  readonly familyNames: string
  readonly birthDate?: string
  readonly city?: string
  readonly documents: readonly { readonly kind: DocumentKind; readonly value: string }[]
  /** In any local or international writing. */
  readonly phones: readonly { readonly label: 'mobile' | 'home' | 'work'; readonly number: string }[]
  readonly emails: readonly string[]
  readonly language: string
  readonly segment: 'mass' | 'premium' | 'business'
  readonly since: string
  readonly accounts: readonly AccountRecord[]
  readonly services: readonly ImportService[]
  readonly interactions?: readonly ImportInteraction[]
}

/** Something that happened between the operator and the customer, for the timeline. Later rows add to it and take nothing away. */
export interface ImportInteraction {
  readonly externalId: string
  /** RFC 3339, UTC. */
  readonly at: string
  readonly kind: 'contact' | 'bill' | 'payment' | 'order' | 'visit'
  readonly channel: TimelineEntry['channel']
  /** Subject of a contact, order or visit, for example `slow_internet`. */
  readonly subject?: string
  /** Amount of a bill or payment in minor units, with `currency`. */
  readonly amount?: number
  readonly currency?: string
}

export interface ImportService {
  readonly externalId: string
  /** Number of one of the row's accounts. */
  readonly account: string
  readonly technology: Technology
  readonly status: ServiceRecord['status']
  readonly statusReason?: string
  /** Phone number of a line, access id of a fixed service. */
  readonly number: string
  readonly networkElement: ServiceRecord['networkElement']
  readonly plan: { readonly id: string; readonly name: string; readonly promise: PlanPromise }
  readonly devices: readonly DeviceRecord[]
  /** IANA zone of the site when it is not the region's. */
  readonly timeZone?: string
}

/** As somebody wrote it down: what is kept of it is normalised. */
const written = (maxLength: number) => ({
  type: 'string',
  minLength: 1,
  maxLength,
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
})

const reference = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$' }
const day = { type: 'string', pattern: '^(?:19|20)\\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$', format: 'date' }
const slug = { type: 'string', pattern: '^[a-z][a-z0-9_]{0,39}$' }
const amount = { type: 'number', minimum: 0, maximum: 1_000_000 }

function closed(required: readonly string[], properties: object): object {
  return { type: 'object', additionalProperties: false, required, properties }
}

const service = closed(
  ['externalId', 'account', 'technology', 'status', 'number', 'networkElement', 'plan', 'devices'],
  {
    externalId: reference,
    account: reference,
    technology: { enum: ['mobile', 'fibre'] },
    status: { enum: ['active', 'suspended', 'terminated'] },
    statusReason: slug,
    number: { type: 'string', pattern: '^[A-Za-z0-9 ()+./-]{4,32}$' },
    networkElement: closed(['kind', 'id', 'site'], {
      kind: { enum: ['cell', 'olt'] },
      id: reference,
      site: oneLine(80),
    }),
    plan: closed(['id', 'name', 'promise'], {
      id: reference,
      name: oneLine(80),
      promise: closed([], { downMbps: amount, upMbps: amount, latencyMs: amount, dataGb: amount }),
    }),
    devices: {
      type: 'array',
      maxItems: 10,
      items: closed(['kind', 'maker', 'model', 'serial'], {
        kind: { enum: ['handset', 'cpe', 'ont'] },
        maker: oneLine(40),
        model: oneLine(60),
        serial: reference,
      }),
    },
    timeZone: { type: 'string', pattern: '^[A-Za-z]+(?:/[A-Za-z_-]+){1,2}$', format: 'time-zone' },
  },
)

const interaction = closed(['externalId', 'at', 'kind', 'channel'], {
  externalId: reference,
  at: {
    type: 'string',
    pattern: '^20\\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\dZ$',
    format: 'date-time',
  },
  kind: { enum: ['contact', 'bill', 'payment', 'order', 'visit'] },
  channel: { enum: channels },
  subject: slug,
  amount: { type: 'integer', minimum: 0, maximum: 1_000_000_000_000 },
  currency: { type: 'string', pattern: '^[A-Z]{3}$' },
})

/** JSON Schema of an `ImportRow`; nothing beyond it is accepted. */
export const importRowSchema = closed(
  [
    'externalId',
    'givenNames',
    'familyNames',
    'documents',
    'phones',
    'emails',
    'language',
    'segment',
    'since',
    'accounts',
    'services',
  ],
  {
    externalId: reference,
    givenNames: oneLine(80),
    familyNames: oneLine(80),
    birthDate: day,
    city: oneLine(80),
    documents: {
      type: 'array',
      maxItems: 3,
      items: closed(['kind', 'value'], { kind: { enum: ['CPF', 'CURP', 'RFC', 'CC'] }, value: written(32) }),
    },
    phones: {
      type: 'array',
      maxItems: 5,
      items: closed(['label', 'number'], { label: { enum: ['mobile', 'home', 'work'] }, number: written(32) }),
    },
    emails: {
      type: 'array',
      maxItems: 3,
      items: { type: 'string', maxLength: 120, pattern: '^[^\\s@"<>()]{1,64}@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+$' },
    },
    language: { enum: ['es', 'es-MX', 'es-CO', 'pt-BR', 'en'] },
    segment: { enum: ['mass', 'premium', 'business'] },
    since: day,
    accounts: {
      type: 'array',
      minItems: 1,
      maxItems: 10,
      items: closed(['number', 'cycleDay', 'currency'], {
        number: reference,
        cycleDay: { type: 'integer', minimum: 1, maximum: 28 },
        currency: { type: 'string', pattern: '^[A-Z]{3}$' },
      }),
    },
    services: { type: 'array', maxItems: 50, items: service },
    interactions: { type: 'array', maxItems: 50, items: interaction },
  },
)
