import Hapi from '@hapi/hapi'
import type { Options } from 'ajv/dist/2020.js'
import { createAjv } from '../http/ajv.ts'
import type { ManifestFinding, PluginManifest } from './types.ts'

/** Rules across fields. Each returns what it found; none throws. */
export function semanticFindings(manifest: PluginManifest): ManifestFinding[] {
  return [
    ...duplicates(manifest),
    ...routePaths(manifest),
    ...ownNames(manifest),
    ...pointsKnown(manifest),
    ...contextSchemas(manifest),
    ...configSchema(manifest),
    ...localesComplete(manifest),
  ]
}

function duplicates(manifest: PluginManifest): ManifestFinding[] {
  const lists: [string, string[]][] = [
    ['/backend/routes', (manifest.backend?.routes ?? []).map((route) => `${route.method} ${route.path}`)],
    ['/ui/pages', (manifest.ui?.pages ?? []).map((page) => page.id)],
    ['/ui/extensions', (manifest.ui?.extensions ?? []).map((extension) => extension.id)],
    ['/realtime', (manifest.realtime ?? []).map((topic) => topic.topic)],
    ['/permissions/defines', (manifest.permissions?.defines ?? []).map((permission) => permission.id)],
  ]
  return lists.flatMap(([pointer, names]) =>
    [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) => ({
      rule: 'manifest-duplicate',
      pointer,
      message: `"${name}" is declared twice in ${pointer}.`,
      fix: 'Keep one of them.',
    })),
  )
}

/** Held against the router that serves them: two paths can differ in letters and match the same addresses. */
function routePaths({ backend }: PluginManifest): ManifestFinding[] {
  const table = Hapi.server()
  const seen = new Set<string>()
  return (backend?.routes ?? []).flatMap(({ method, path }, index) => {
    const name = `${method} ${path}`
    if (seen.has(name)) return []
    seen.add(name)
    const wrong = errorOf(() => table.route({ method, path, handler: () => null }))
    if (wrong === undefined) return []
    return [
      {
        rule: 'manifest-route-path',
        pointer: `/backend/routes/${index}/path`,
        message: `"${name}" cannot be served: ${wrong}.`,
        fix: 'Write a parameter as {name}, at the end also as {name?} or {name*}, and let no two routes match the same addresses.',
      },
    ]
  })
}

function ownNames(manifest: PluginManifest): ManifestFinding[] {
  const prefix = `${manifest.id.replaceAll('-', '_')}_`
  const collections = (manifest.data?.collections ?? [])
    .filter((name) => !name.startsWith(prefix))
    .map((name) => ({
      rule: 'manifest-own-collections',
      pointer: '/data/collections',
      message: `Collection "${name}" does not start with "${prefix}".`,
      fix: `Rename it to "${prefix}…": a plugin owns only its own collections.`,
    }))
  const topics = [...(manifest.realtime ?? []).map((t) => t.topic), ...(manifest.backend?.events?.publishes ?? [])]
    // customers.timeline-entry/v1 is the one published contract that any plugin may feed.
    .filter((topic) => !topic.startsWith(`${manifest.id}.`) && topic !== 'customers.timeline-entry/v1')
    .map((topic) => ({
      rule: 'manifest-own-topics',
      pointer: '/backend/events/publishes',
      message: `Topic "${topic}" does not start with "${manifest.id}.".`,
      fix: `Publish under "${manifest.id}.…"; other plugins' topics can only be subscribed to.`,
    }))
  return [...collections, ...topics]
}

function pointsKnown(manifest: PluginManifest): ManifestFinding[] {
  return (manifest.ui?.points ?? [])
    .filter((point) => point.id.startsWith('dashboard.'))
    .map((point) => ({
      rule: 'manifest-reserved-point',
      pointer: '/ui/points',
      message: `Extension point "${point.id}" belongs to the shell.`,
      fix: 'Choose a name of your own.',
    }))
}

/** The shell holds contexts against them, so they must be schemas by themselves, with no reference to elsewhere. */
function contextSchemas(manifest: PluginManifest): ManifestFinding[] {
  return (manifest.ui?.points ?? []).flatMap(({ id, contextSchema }) => {
    const wrong = contextSchema && schemaError(contextSchema)
    if (wrong === undefined) return []
    return [
      {
        rule: 'manifest-context-schema',
        pointer: '/ui/points',
        message: `The context schema of "${id}" cannot be used: ${wrong}.`,
        fix: 'Write it as JSON Schema 2020-12 with type "object" and all its definitions inside.',
      },
    ]
  })
}

/** The host holds the operator's configuration against it at each start. */
function configSchema({ config }: PluginManifest): ManifestFinding[] {
  const wrong = config?.schema && compileError(config.schema, { strictRequired: false, useDefaults: true })
  if (wrong === undefined) return []
  return [
    {
      rule: 'manifest-config-schema',
      pointer: '/config/schema',
      message: `The schema of the configuration cannot be used: ${wrong}.`,
      fix: 'Write it as JSON Schema 2020-12 with all its definitions inside.',
    },
  ]
}

function schemaError(schema: object): string | undefined {
  if (!('type' in schema) || schema.type !== 'object') return 'its type is not "object"'
  return compileError(schema, { allowUnionTypes: true, validateFormats: false })
}

function compileError(schema: object, options: Options): string | undefined {
  return errorOf(() => createAjv({ strict: true, ...options }).compile(schema))
}

function errorOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function localesComplete(manifest: PluginManifest): ManifestFinding[] {
  const { locales, default: fallback } = manifest.i18n
  const missing = ['es', 'pt-BR', 'en', fallback].filter((locale) => !locales.includes(locale))
  return [...new Set(missing)].map((locale) => ({
    rule: 'manifest-locales',
    pointer: '/i18n/locales',
    message: `Locale "${locale}" is missing.`,
    fix: `Add locales/${locale}.json and list it: every text exists in Spanish, Portuguese and English.`,
  }))
}
