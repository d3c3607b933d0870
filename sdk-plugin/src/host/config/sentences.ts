import type { ErrorObject } from 'ajv/dist/2020.js'

export interface Told {
  /** Where a key's value came from, for example `environment variable PORT`. */
  source(key: string): string
  /** Keys whose values are not shown. */
  readonly secret: ReadonlySet<string>
  /** Where every key has to have a value. */
  readonly defaults: string
}

/** One sentence for a mistake: which key, which value, what is allowed. */
export function sentence(error: ErrorObject, { source, secret, defaults }: Told): string {
  const key = keyOf(error)
  const origin = source(key)
  if (error.keyword === 'additionalProperties')
    return `"${key}" is not a known key (${origin}): check its spelling or take it out.`
  if (error.keyword === 'required')
    return `"${key}" is missing: every key needs a value in ${defaults} or a layer above it.`
  const value = secret.has(key) ? 'set to a value that is not shown' : JSON.stringify(error.data)
  return `"${key}" is ${value} (${origin}), but it ${allowed(error)}.`
}

function keyOf(error: ErrorObject): string {
  const parts = error.instancePath.split('/').slice(1)
  const extra = (error.params['additionalProperty'] ?? error.params['missingProperty']) as string | undefined
  return [...parts, ...(extra === undefined ? [] : [extra])].join('.') || 'configuration'
}

function allowed(error: ErrorObject): string {
  const params = error.params as Record<string, unknown>
  switch (error.keyword) {
    case 'type':
      return `must be ${[params['type']].flat().map(typeWord).join(' or ')}`
    case 'minimum':
      return `must be ${String(params['limit'])} or more`
    case 'maximum':
      return `must be ${String(params['limit'])} or less`
    case 'enum':
      return `must be one of ${(params['allowedValues'] as unknown[]).map((value) => JSON.stringify(value)).join(', ')}`
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`
    case 'pattern':
      return `must match the pattern ${String(params['pattern'])}`
    case 'format':
      return 'must be an address, a network such as 10.0.0.0/8, or loopback'
    case 'minLength':
      return 'must not be empty'
    default:
      return error.message ?? 'is not accepted'
  }
}

function typeWord(type: unknown): string {
  return type === 'integer'
    ? 'a whole number'
    : type === 'array'
      ? 'a list'
      : type === 'null'
        ? 'null'
        : `a ${String(type)}`
}
