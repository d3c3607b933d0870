import type { ErrorObject } from 'ajv/dist/2020.js'
import { variables } from './layers.ts'

/** One sentence for a mistake: which key, which value, where it came from, what is allowed. */
export function sentence(error: ErrorObject, env: NodeJS.ProcessEnv): string {
  const extra = (error.params['additionalProperty'] ?? error.params['missingProperty']) as string | undefined
  const key = [...error.instancePath.split('/').slice(1), ...(extra === undefined ? [] : [extra])].join('.')
  const variable = Object.entries(variables).find(([name, { key: sets }]) => sets === key && env[name])?.[0]
  const origin = variable === undefined ? '' : ` (environment variable ${variable})`
  if (error.keyword === 'additionalProperties') return `"${key}" is not a known key: check its spelling or take it out.`
  if (error.keyword === 'required') return `"${key}" is missing: every key needs a value in config/registry/.`
  const value = key === 'data.mongodbUri' ? 'set to a value that is not shown' : JSON.stringify(error.data)
  return `"${key}" is ${value}${origin}, but it ${allowed(error)}.`
}

function allowed({ keyword, params, message }: ErrorObject): string {
  const values = params['allowedValues'] as unknown[] | undefined
  if (keyword === 'enum') return `must be one of ${(values ?? []).map((value) => JSON.stringify(value)).join(', ')}`
  if (keyword === 'minimum') return `must be ${String(params['limit'])} or more`
  if (keyword === 'maximum') return `must be ${String(params['limit'])} or less`
  if (keyword === 'pattern') return `must match the pattern ${String(params['pattern'])}`
  if (keyword === 'format') return 'must be an address, a network such as 10.0.0.0/8, or loopback'
  if (keyword === 'type') return `must be ${[params['type']].flat().map(String).join(' or ')}`
  return message ?? 'is not accepted'
}
