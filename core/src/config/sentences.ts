import type { ErrorObject } from 'ajv/dist/2020.js'

const secretKeys = new Set(['data.mongodbUri', 'plugins.registry.reportToken'])

/** One sentence for a mistake: which key, which value, what is allowed. @param source where the value came from, for example `environment variable PORT` */
export function sentence(error: ErrorObject, source: (key: string) => string): string {
  const key = keyOf(error)
  const origin = source(key)
  if (error.keyword === 'additionalProperties')
    return `"${key}" is not a known key (${origin}): check its spelling or take it out.`
  if (error.keyword === 'required')
    return `"${key}" is missing: every key needs a value in config/defaults.json or a layer above it.`
  return `"${key}" is ${shown(key, error.data)} (${origin}), but it ${allowed(error)}.`
}

function keyOf(error: ErrorObject): string {
  const parts = error.instancePath.split('/').slice(1)
  const extra = (error.params['additionalProperty'] ?? error.params['missingProperty']) as string | undefined
  return [...parts, ...(extra === undefined ? [] : [extra])].join('.') || 'configuration'
}

function shown(key: string, value: unknown): string {
  return secretKeys.has(key) ? 'set to a value that is not shown' : JSON.stringify(value)
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
