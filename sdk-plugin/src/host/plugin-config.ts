import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { createAjv } from '../http/ajv.ts'
import { memberPointer } from '../manifest/json-pointer.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { placeValues, takeAway } from '../manifest/values-at.ts'
import { withinTime } from '../manifest/within-time.ts'

/** One thing that is wrong with a configuration; by it a screen tells it in the person's language. No secret is in it. */
export interface ConfigMistake {
  /** JSON pointer to the value; of a value that is missing or not known, to where it would be. */
  readonly pointer: string
  /** Keyword of JSON Schema that it breaks, or `secret` for a secret that stands in clear or is missing. */
  readonly rule: string
  /** What the keyword wants, as Ajv names it: `{ "limit": 5 }`; of a secret that is missing `{ "missing": true }`. */
  readonly params: Readonly<Record<string, unknown>>
}

/** A configuration that does not fit: a sentence with each mistake, and each by itself. */
export class ConfigError extends Error {
  readonly mistakes: readonly ConfigMistake[]

  constructor(message: string, mistakes: readonly ConfigMistake[]) {
    super(message)
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}

/** The schema is the plugin's, and the host does nothing else meanwhile. */
const longestMs = 3_000

/**
 * Holds a configuration against `config.schema` of the manifest; gives it back with defaults applied, frozen.
 * @param secrets values of `config.secrets` by their pointers; then these must stand nowhere else
 * @throws ConfigError with a sentence for each mistake, none with a secret
 */
export function checkedConfig(
  manifest: PluginManifest,
  given: unknown = {},
  secrets?: ReadonlyMap<string, string>,
): unknown {
  const value: unknown = structuredClone(given)
  const pointers = secrets ? (manifest.config?.secrets ?? []) : []
  const inClear = pointers.filter((pointer) => takeAway(value, pointer))
  if (inClear.length > 0)
    throw mistaken(
      manifest,
      inClear.map((pointer) => `"${pointer}" is a secret`),
      "Move it from the host's configuration to its file of secrets.",
      inClear.map((pointer) => ({ pointer, rule: 'secret', params: {} })),
    )
  const errors = withinTime(longestMs, () => {
    const validate = compiled(manifest.config?.schema ?? noMembers)
    if (!secrets) return validate(value) ? [] : (validate.errors ?? [])
    // The defaults first: an object that a secret makes would keep that of the whole object away.
    validate(value)
    placeValues(value, secrets)
    return validate(value) ? [] : (validate.errors ?? [])
  })
  const missing = errors.flatMap(({ instancePath, params }) => {
    const name = params['missingProperty'] as string | undefined
    const pointer = name === undefined ? '' : memberPointer(instancePath, name)
    return pointers.includes(pointer) ? [pointer] : []
  })
  if (missing.length > 0)
    throw mistaken(
      manifest,
      missing.map((pointer) => `secret "${pointer}" is missing`),
      `Write it under "${manifest.id}" into the host's file of secrets.`,
      missing.map((pointer) => ({ pointer, rule: 'secret', params: { missing: true } })),
    )
  if (errors.length > 0) {
    const mistakes = errors.map((error) => {
      const unknown = error.params['additionalProperty'] as string | undefined
      return unknown === undefined ? `"${error.instancePath || '/'}" ${error.message}` : `"${unknown}" is not known`
    })
    throw mistaken(manifest, mistakes, "Change it in the host's configuration.", errors.map(mistakeOf))
  }
  return freeze(value)
}

const noMembers = { type: 'object', additionalProperties: false }
/** For as long as its manifest is held: each region and each start asks again, and compiling takes longer than most checks. */
const checks = new WeakMap<object, ValidateFunction>()

function compiled(schema: object): ValidateFunction {
  const known = checks.get(schema)
  if (known) return known
  const ajv = createAjv({ allErrors: true, strict: true, strictRequired: false, useDefaults: true })
  const check = ajv.compile(schema)
  checks.set(schema, check)
  return check
}

function mistaken(
  { id, version }: PluginManifest,
  sentences: readonly string[],
  fix: string,
  mistakes: readonly ConfigMistake[],
): ConfigError {
  const told = `The configuration of plugin "${id}" does not fit version ${version}: ${sentences.join('; ')}. ${fix}`
  return new ConfigError(told, mistakes)
}

function mistakeOf({ instancePath, keyword, params }: ErrorObject): ConfigMistake {
  const { missingProperty, additionalProperty } = params as Record<string, string | undefined>
  const name = missingProperty ?? additionalProperty
  const pointer = name === undefined ? instancePath : memberPointer(instancePath, name)
  return { pointer, rule: keyword, params: params as Record<string, unknown> }
}

function freeze(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) freeze(inner)
  return Object.freeze(value)
}
