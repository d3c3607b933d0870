import { createAjv } from '@dcesop/sdk-plugin/http'
import type { ValidateFunction } from 'ajv/dist/2020.js'
import { regionId } from '../generation/region-id.ts'

const text = (maxLength: number) => ({ type: 'string', maxLength })
const closed = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
})
const tuple = (...prefixItems: object[]) => ({
  type: 'array',
  prefixItems,
  minItems: prefixItems.length,
  maxItems: prefixItems.length,
})
const name = text(200)
const number = { type: 'integer', minimum: 0 }
const optionalAudit = {
  region: name,
  resource: text(500),
  reason: text(1000),
  details: {
    type: 'object',
    maxProperties: 50,
    additionalProperties: { type: ['string', 'number', 'boolean'], maxLength: 2000 },
  },
}

/** Parameters of each message that a plugin's process may send. */
const schemas = {
  register: tuple(number, {
    oneOf: [
      closed({ kind: { const: 'event' }, topic: name }),
      closed({ kind: { const: 'job' }, name, everyMs: { type: 'number', minimum: 1, maximum: 86_400_000 } }),
      closed({ kind: { const: 'authorize' }, topic: name }),
      closed({
        kind: { const: 'capability' },
        capability: name,
        methods: { type: 'array', items: name, maxItems: 200 },
      }),
    ],
  }),
  unregister: tuple(number),
  audit: tuple(name, closed({ action: name, ...optionalAudit }, ['action'])),
  regionDenied: tuple(name, { ...name, pattern: regionId.source }, name),
  capability: tuple(name, { ...name, pattern: '^[a-z][A-Za-z0-9]*$' }, { type: 'array', maxItems: 50 }),
  log: tuple({ enum: ['debug', 'info', 'warn', 'error'] }, { type: 'object' }, text(4000)),
  published: tuple(name),
  realtime: tuple(name, closed({ region: name, key: name, payload: {} }, ['region', 'key'])),
  uncaught: tuple({ type: 'object', required: ['name', 'message'] }),
  secret: { type: 'array', prefixItems: [name, name], minItems: 1, maxItems: 2 },
  watch: { type: 'array', maxItems: 0 },
} as const

export type ChildMessage = keyof typeof schemas

const ajv = createAjv({ strict: true, strictTuples: false, strictTypes: false, strictRequired: false })
/** Compiled at their first use: all of them take a tenth of a second, which each start of a host would wait for. */
const checks = new Map<ChildMessage, ValidateFunction>()

/** @throws Error that says what about a message of the plugin's process is not as agreed */
export function checkMessage(method: ChildMessage, params: readonly unknown[]): void {
  const check = checks.get(method) ?? ajv.compile(schemas[method])
  checks.set(method, check)
  if (check(params)) return
  throw new Error(`"${method}": ${ajv.errorsText(check.errors, { dataVar: 'parameters' })}`)
}
