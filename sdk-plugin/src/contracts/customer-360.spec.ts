import { Ajv2020 } from 'ajv/dist/2020.js'
import type { FromSchema } from 'json-schema-to-ts'
import type { Customer360Context } from './customer-360.ts'
import { customer360ContextSchema } from './customer-360-schema.ts'

/** That these two compile is part of the test: schema and type say the same. */
const typed: Customer360Context = {
  region: 'br',
  customerId: 'c_1',
  country: 'BR',
  timeZone: 'America/Sao_Paulo',
  services: [{ id: 's_1', technology: 'fibre', label: '', planName: 'Fibra 500', status: 'active' }],
}
const described: FromSchema<typeof customer360ContextSchema> = structuredClone(typed) as Customer360Context & {
  services: Customer360Context['services'][number][]
}
const back: Customer360Context = described

it('the schema of the customer’s page describes its type, and takes no personal field beside it', () => {
  const validate = new Ajv2020({ strict: true }).compile(customer360ContextSchema)
  expect(validate(back)).toBe(true)
  expect(validate({ ...back, name: 'Ana' })).toBe(false)
  expect(validate({ ...back, services: [{ id: 's_1' }] })).toBe(false)
})
