import { createAjv } from '@dcesop/sdk-plugin/http'
import type { ValidateFunction } from 'ajv/dist/2020.js'
import type { StartedRoutes } from './protocol.ts'

const text = { type: 'string', maxLength: 2000 }
const list = { type: 'array', items: text, maxItems: 100 }
const schemaOf = { type: 'object', properties: { properties: { type: 'object' }, required: list } }

/** What the host reads of a route, for its own table and for the description of all. */
const answer = {
  type: 'array',
  maxItems: 2000,
  items: {
    type: 'object',
    required: ['method', 'path', 'summary'],
    properties: {
      ...{ method: text, path: text, summary: text, params: schemaOf, query: schemaOf, body: { type: 'object' } },
      contentTypes: list,
      responses: { type: 'object', additionalProperties: { type: 'object' } },
    },
  },
}

const ajv = createAjv({ strict: true, strictTypes: false, strictRequired: false })
/** Compiled at its first use: most hosts start no such process. */
let check: ValidateFunction | undefined

/**
 * What a plugin's process says of the routes that it serves. Whoever describes all routes would fail on a wrong one, for everybody.
 * @throws Error that says what is not as agreed
 */
export function startedRoutes(told: unknown): StartedRoutes {
  check ??= ajv.compile(answer)
  if (!check(told)) throw new Error(ajv.errorsText(check.errors, { dataVar: 'routes' }))
  // What is no JSON could not be described either.
  return JSON.parse(JSON.stringify(told)) as StartedRoutes
}
