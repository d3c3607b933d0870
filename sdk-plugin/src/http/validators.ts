import { Problem, type ProblemDetail } from '../backend/problem.ts'
import type { JsonSchema } from '../backend/route.ts'
import type { ErrorObject } from 'ajv/dist/2020.js'
// Not the package itself, which loads a whole Ajv of its own for keywords that JSON Schema does not have.
import { fullFormats } from 'ajv-formats/dist/formats.js'
import { createAjv } from './ajv.ts'

/** Gives the input back, coerced where it came as text. @throws Problem 400 `invalid_request` with the place of each mistake */
export type Check = (input: unknown) => unknown

/** Where an input comes from: texts of `params` and `query` are coerced, a `body` never is. */
export type Part = 'params' | 'query' | 'body'

const mostErrors = 20
const strictOptions = { strict: true, strictRequired: false, allErrors: true, formats: fullFormats } as const

/** Compilers with one owner, for example a generation: schemas and what is compiled from them are freed with it. */
export class Validators {
  readonly #strict = createAjv(strictOptions)
  readonly #coercing = createAjv({ ...strictOptions, coerceTypes: true, useDefaults: true })

  /**
   * @param route names the route in the error, for example `POST /search`
   * @throws Error when the schema is not valid, or leaves an object open to unknown fields
   */
  compile(schema: JsonSchema, part: Part, route: string): Check {
    const open = openObject(schema, '')
    if (open !== undefined) {
      throw new Error(
        `The ${part} schema of ${route} accepts unknown fields at "${open || '/'}". Say additionalProperties: false there.`,
      )
    }
    return this.check(schema, part)
  }

  /** As `compile`, for schemas of the host itself, which may leave an object open on purpose. */
  check(schema: JsonSchema, part: Part): Check {
    const validate = (part === 'body' ? this.#strict : this.#coercing).compile(schema)
    return (input) => {
      if (validate(input)) return input
      const errors = (validate.errors ?? []).slice(0, mostErrors).map((error) => toDetail(error, part))
      throw new Problem(400, 'invalid_request', `The ${part} of the request is not what this route accepts.`, {
        errors,
      })
    }
  }
}

const hosts = new Validators()

/** A check by a schema of the host's own, compiled at its first use: most of them are never used between two starts. */
export function compileCheck(schema: JsonSchema, part: Part): Check {
  let check: Check | undefined
  return (input) => (check ??= hosts.check(schema, part))(input)
}

/** Names the place and the rule, never the value: it may be personal. */
function toDetail(error: ErrorObject, part: Part): ProblemDetail {
  const unknown = error.params['additionalProperty'] as string | undefined
  const pointer = `${part === 'body' ? '' : `/${part}`}${error.instancePath}`
  const message = unknown === undefined ? (error.message ?? 'is not accepted') : 'has a member that is not known here'
  return { pointer, code: error.keyword, message }
}

const nested = ['properties', 'patternProperties', '$defs', 'dependentSchemas'] as const
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const
const single = [
  'items',
  'additionalProperties',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'unevaluatedProperties',
] as const

/** JSON pointer of the first object schema that lets unknown fields in. */
function openObject(schema: unknown, pointer: string): string | undefined {
  if (typeof schema !== 'object' || schema === null) return undefined
  const node = schema as Record<string, unknown>
  const isObject = node['type'] === 'object' || (Array.isArray(node['type']) && node['type'].includes('object'))
  const isClosed = [node['additionalProperties'], node['unevaluatedProperties']].some(
    (rule) => rule === false || typeof rule === 'object',
  )
  if (isObject && !isClosed) return pointer
  const children: [string, unknown][] = [
    ...nested.flatMap((key) =>
      Object.entries((node[key] as object | undefined) ?? {}).map(([name, value]): [string, unknown] => [
        `${key}/${name}`,
        value,
      ]),
    ),
    ...lists.flatMap((key) =>
      ((node[key] as unknown[] | undefined) ?? []).map((value, index): [string, unknown] => [`${key}/${index}`, value]),
    ),
    ...single.map((key): [string, unknown] => [key, node[key]]),
  ]
  for (const [name, value] of children) {
    const found = openObject(value, `${pointer}/${name}`)
    if (found !== undefined) return found
  }
  return undefined
}
