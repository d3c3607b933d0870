import { Problem, type ProblemDetail } from '../backend/problem.ts'
import type { JsonSchema } from '../backend/route.ts'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import addFormatsModule from 'ajv-formats'

// The package is CommonJS: depending on the loader the function is the module or its default.
const addFormats = ('default' in addFormatsModule ? addFormatsModule.default : addFormatsModule) as unknown as (
  ajv: Ajv2020,
) => void

const strict = withFormats(new Ajv2020({ strict: true, strictRequired: false, allErrors: false }))
const coercing = withFormats(
  new Ajv2020({ strict: true, strictRequired: false, allErrors: false, coerceTypes: true, useDefaults: true }),
)

function withFormats(ajv: Ajv2020): Ajv2020 {
  addFormats(ajv)
  return ajv
}

/** Checks one input and gives it back; texts of paths and queries are coerced in place. @throws Problem 400 `invalid_request` */
export type Check = (input: unknown) => unknown

/**
 * Compiles a closed schema once.
 * @param part where the input comes from; `params` and `query` arrive as text and are coerced
 */
export function compileCheck(schema: JsonSchema, part: 'params' | 'query' | 'body'): Check {
  const validate = (part === 'body' ? strict : coercing).compile(schema)
  return (input) => {
    if (validate(input)) return input
    const errors = (validate.errors ?? []).map((error) => toDetail(error, part))
    throw new Problem(400, 'invalid_request', `The ${part} of the request is not what this route accepts.`, { errors })
  }
}

/** Names the place and the rule, never the value: it may be personal. */
function toDetail(error: ErrorObject, part: string): ProblemDetail {
  const unknown = error.params['additionalProperty'] as string | undefined
  const place = `${part === 'body' ? '' : `/${part}`}${error.instancePath}`
  const message = unknown === undefined ? (error.message ?? 'is not accepted') : 'has a member that is not known here'
  return { pointer: place, code: error.keyword, message }
}
