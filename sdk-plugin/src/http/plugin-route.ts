import type { JsonSchema, RouteDefinition, RouteShapes } from '../backend/route.ts'
import type { RouteDeclaration } from '../manifest/types.ts'

/** What holds where the manifest does not say otherwise. */
export const routeDefaults = { maxBytes: 65_536, timeoutMs: 10_000 } as const

/** Schema of the query of a route that declares none. */
export const noInput = { type: 'object', additionalProperties: false } as const

/** A route as registered and as declared. */
export interface PluginRoute {
  readonly definition: RouteDefinition<RouteShapes>
  readonly declaration: RouteDeclaration
}

/** Path parameters without a schema are texts of at most 200 characters. */
export function paramsOf(path: string): JsonSchema {
  const names = [...path.matchAll(/\{([A-Za-z0-9_]+)[?*0-9]*\}/g)].map(([, name]) => name as string)
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string', maxLength: 200 }]))
  return { type: 'object', properties, additionalProperties: false }
}

/** @throws Error that lists each difference between what is registered and what the manifest declares */
export function pairRoutes(
  plugin: string,
  definitions: readonly RouteDefinition<RouteShapes>[],
  declarations: readonly RouteDeclaration[],
): PluginRoute[] {
  const declared = new Map(
    declarations.map((declaration) => [`${declaration.method} ${declaration.path}`, declaration]),
  )
  const names = definitions.map(({ method, path }) => `${method} ${path}`)
  const registered = new Set(names)
  const differences = [
    ['Registered but not declared', [...registered].filter((name) => !declared.has(name))],
    ['Declared but not registered', [...declared.keys()].filter((name) => !registered.has(name))],
    ['Registered twice', [...registered].filter((name) => names.indexOf(name) !== names.lastIndexOf(name))],
  ] as const
  const told = differences.flatMap(([what, found]) => (found.length > 0 ? [`${what}: ${found.join(', ')}.`] : []))
  if (told.length > 0)
    throw new Error(`The routes of plugin "${plugin}" are not those of its manifest. ${told.join(' ')}`)
  return definitions.map((definition) => ({
    definition,
    declaration: declared.get(`${definition.method} ${definition.path}`) as RouteDeclaration,
  }))
}
