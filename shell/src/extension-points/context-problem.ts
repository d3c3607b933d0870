import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema'

const validators = new WeakMap<object, Validator>()

/**
 * What of a context breaks the schema that its point publishes; undefined for one that keeps it. Functions beside the data are
 * no business of the schema. The validator interprets, because the content security policy forbids to compile.
 */
export function contextProblem(schema: object | undefined, context: unknown): string | undefined {
  if (schema === undefined) return undefined
  if (typeof context !== 'object' || context === null) return 'It is no object.'
  const text = asJson(context)
  if (text === undefined) return 'It holds something that is no data, such as an object that contains itself.'
  const { valid, errors } = validatorOf(schema).validate(JSON.parse(text))
  return valid ? undefined : errors.filter(isCause).map(sentence).join(' ')
}

function asJson(context: object): string | undefined {
  try {
    return JSON.stringify(context)
  } catch {
    return undefined
  }
}

function validatorOf(schema: object): Validator {
  const known = validators.get(schema) ?? new Validator(schema as Schema, '2020-12', false)
  validators.set(schema, known)
  return known
}

/** The rest only says that something further down is wrong. */
function isCause({ keyword }: OutputUnit, _at: number, all: readonly OutputUnit[]): boolean {
  return all.length === 1 || !['properties', 'items'].includes(keyword)
}

function sentence({ instanceLocation, error }: OutputUnit): string {
  return `${instanceLocation.replace(/^#\/?/, '/')}: ${error}`
}
