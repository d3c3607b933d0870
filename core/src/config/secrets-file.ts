import { createAjv } from '@dcesop/sdk-plugin/http'
import type { ValidateFunction } from 'ajv/dist/2020.js'
import { readFileSync } from 'node:fs'

/** Secrets by plugin and name; those of a plugin's configuration by their JSON pointers in it. */
export type SecretValues = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Shorter ones could not be told from ordinary words where they must not appear. */
const leastLength = 8

const schema = {
  type: 'object',
  propertyNames: { pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' },
  additionalProperties: {
    type: 'object',
    propertyNames: { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$|^/.{0,199}$' },
    additionalProperties: { type: 'string', minLength: leastLength, maxLength: 16_384 },
  },
}
/** Compiled at the first file: most hosts have none. */
let validate: ValidateFunction<SecretValues> | undefined

/** @throws Error with a sentence that shows no value */
export function readSecrets(file: string): SecretValues {
  const text = readFileSync(file, 'utf8')
  const values = parsed(text)
  validate ??= createAjv({ strict: true }).compile<SecretValues>(schema)
  if (validate(values)) return values
  const [{ instancePath = '', keyword = '' } = {}] = validate.errors ?? []
  const where = instancePath === '' ? 'it' : `"${instancePath.slice(1).replaceAll('/', '.')}"`
  const names = keyword === 'propertyNames' || keyword === 'pattern'
  throw new Error(
    names
      ? `${where} has a key that is not the id of a plugin, the name of a secret or its pointer in the configuration`
      : instancePath.split('/').length > 2
        ? `${where} must be a text of ${leastLength} to 16384 characters`
        : `${where} must be an object: secrets by name, by the id of the plugin that gets them`,
  )
}

/** Sentences about the file, none with a value. @param source where the key's value came from */
export function secretsMistakes(file: string | null, source: (key: string) => string): string[] {
  if (file === null) return []
  const key = 'plugins.secretsFile'
  try {
    readSecrets(file)
    return []
  } catch (error) {
    return [
      `"${key}" is ${JSON.stringify(file)} (${source(key)}), but it cannot be read as secrets: ${(error as Error).message}.`,
    ]
  }
}

/** What a parser says of a mistake quotes the text around it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is not JSON')
  }
}
