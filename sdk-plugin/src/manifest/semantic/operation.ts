import { createAjv } from '../../http/ajv.ts'
import { finding } from '../finding.ts'
import { namesOf } from '../json-pointer.ts'
import type { ManifestFinding, PluginManifest } from '../types.ts'
import { compileError } from './attempt.ts'

/** The host holds the operator's configuration against it at each start. */
export function configSchema({ config }: PluginManifest): ManifestFinding[] {
  if (!config?.schema) return []
  const wrong = compileError(config.schema, { strictRequired: false, useDefaults: true })
  if (wrong === undefined) return [...unfitDefaults(config.schema), ...secretPlaces(config)]
  return [finding('manifest-config-schema', '/config/schema', { why: wrong })]
}

/** Where nothing is configured, the defaults are the configuration: one that does not fit keeps the plugin from starting. */
function unfitDefaults(schema: object): ManifestFinding[] {
  const validate = createAjv({ strict: true, strictRequired: false, useDefaults: true, allErrors: true }).compile(
    schema,
  )
  validate({})
  // What has no default is the operator's to set.
  const unfit = (validate.errors ?? []).filter(
    ({ instancePath, keyword }) => instancePath !== '' && keyword !== 'required',
  )
  return unfit.map(({ instancePath, message = '' }) => {
    const property = instancePath.replaceAll('/', '/properties/').slice('/properties'.length)
    const pointer = `/config/schema/properties${property}/default`
    return finding('manifest-config-schema.default', pointer, { pointer: instancePath, why: message })
  })
}

/** What else may say that an object has a property. */
const elsewhere = ['$ref', '$dynamicRef', 'allOf', 'anyOf', 'oneOf', 'then', 'else', 'patternProperties']

/** A value that is meant to be hidden is shown when its pointer is misspelt. */
function secretPlaces({ schema, secrets = [] }: NonNullable<PluginManifest['config']>): ManifestFinding[] {
  return secrets.flatMap((pointer, index) => {
    if (mayHave(schema, namesOf(pointer))) return []
    return [finding('manifest-config-secret', `/config/secrets/${index}`, { pointer })]
  })
}

function mayHave(schema: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return false
  if (typeof schema === 'boolean') return schema
  const node = (schema ?? {}) as { readonly properties?: Readonly<Record<string, unknown>> }
  if (elsewhere.some((keyword) => keyword in node)) return true
  if (!node.properties || !Object.hasOwn(node.properties, name)) return false
  return rest.length === 0 || mayHave(node.properties[name], rest)
}

export function dataVersions({ data }: PluginManifest): ManifestFinding[] {
  const { schemaVersion = 0, minReadable = schemaVersion } = data ?? {}
  if (minReadable <= schemaVersion) return []
  return [finding('manifest-data-version', '/data/minReadable', { written: schemaVersion, read: minReadable })]
}

export function regionClaims({ regions }: PluginManifest): ManifestFinding[] {
  const { allow = [], deny = [] } = regions ?? {}
  return deny.flatMap((region, index) => {
    if (!allow.includes(region)) return []
    return [finding('manifest-regions', `/regions/deny/${index}`, { region })]
  })
}

export function localesComplete({ i18n }: PluginManifest): ManifestFinding[] {
  const { locales, default: fallback } = i18n
  const missing = ['es', 'pt-BR', 'en', fallback].filter((locale) => !locales.includes(locale))
  return [...new Set(missing)].map((locale) => finding('manifest-locales', '/i18n/locales', { locale }))
}
