import { BSON } from 'mongodb'
import type { Document } from 'mongodb'

export const REGIONS = 10
const NAMES = ['Ana', 'Bruno', 'Carla', 'Diego', 'Elena', 'Fabio', 'Gloria', 'Hugo']
const START = Date.UTC(2024, 0, 1)

/** The id of the i-th customer: seconds, machine and counter, as drivers make them. */
export function idOf(index: number): BSON.ObjectId {
  const seconds = (0x65000000 + Math.floor(index / 500)).toString(16)
  return new BSON.ObjectId(`${seconds}abcdef0123${index.toString(16).padStart(6, '0').slice(-6)}`)
}

/** A customer as the product keeps one: about 420 bytes of BSON. */
export function customer(index: number): Document {
  return {
    _id: idOf(index),
    region: `r${index % REGIONS}`,
    phone: phoneOf(index),
    name: `${NAMES[index % NAMES.length] ?? ''} de Souza ${index}`,
    email: `customer-${index}@example.com`,
    createdAt: new Date(START + ((index * 7919) % 100_000_000) * 100),
    status: index % 7 === 0 ? 'suspended' : 'active',
    balance: (index % 1000) / 10,
    visits: index % 100,
    address: { street: `Rua das Flores ${index % 900}`, city: 'Montevideo', postcode: String(10000 + (index % 8999)) },
    tags: ['fibre', index % 2 === 0 ? 'mobile' : 'tv'],
    notes: 'Prefers to be called in the evening; has had two visits this year.',
  }
}

export function phoneOf(index: number): string {
  return `+598${String(index).padStart(8, '0')}`
}

/** The two indexes beside `_id`. */
export const INDEXES = [{ key: { phone: 1 }, unique: true }, { key: { region: 1, createdAt: -1 } }] as const

/** An entry of the audit trail, and its indexes. */
export function auditEntry(index: number): Document {
  return {
    at: new Date(START + index),
    account: `agent-${index % 200}`,
    action: 'customers.read',
    target: phoneOf(index),
    region: `r${index % REGIONS}`,
    outcome: 'allowed',
  }
}

export const AUDIT_INDEXES = [
  { key: { at: -1 } },
  { key: { account: 1, at: -1 } },
  { key: { region: 1, at: -1 } },
] as const
