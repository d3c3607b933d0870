import type { JsonSchema } from '../api/manifest.ts'
import { at, has, isObject, laid } from './pointer.ts'
import { type ConfigAnswer, everywhere, type Json, type Level } from './types.ts'

/** Where a value comes from: the schema's default, the operator's file, everywhere, or a region. */
export type Origin = 'default' | 'host' | 'everywhere' | 'region'

export interface Held {
  /** Null where nobody set it and there is no default: the plugin decides. */
  readonly origin: Origin | null
  readonly value: unknown
}

type Layers = readonly (readonly [Exclude<Origin, 'default'>, Json])[]

/** What is set on a level. */
export const partOf = ({ global, regions }: Pick<ConfigAnswer, 'global' | 'regions'>, level: Level): Json =>
  level === everywhere ? global : (regions[level] ?? {})

/** What a path would have on a level if nothing were set there. */
export function below(config: ConfigAnswer, level: Level, path: readonly string[]): Held {
  const host = ['host', config.host] as const
  return held(config, level === everywhere ? [host] : [['everywhere', config.global], host], path)
}

/** What a path has on a level, with a part of it that may be a draft. */
export function onLevel(config: ConfigAnswer, level: Level, part: Json, path: readonly string[]): Held {
  const inherited = below(config, level, path)
  if (!has(part, path)) return inherited
  return { origin: level === everywhere ? 'everywhere' : 'region', value: laid(inherited.value, at(part, path)) }
}

/** @param layers the first counts */
function held({ schema }: ConfigAnswer, layers: Layers, path: readonly string[]): Held {
  const set = layers.filter(([, layer]) => has(layer, path))
  const [first] = set
  if (first) {
    const value = set.map(([, layer]) => at(layer, path)).reduceRight((base, over) => laid(base, over))
    return { origin: first[0], value }
  }
  const given = schema ? defaultAt(schema, layers, path) : undefined
  return given === undefined ? { origin: null, value: undefined } : { origin: 'default', value: given }
}

/** As the host applies defaults: those inside an object only where there is that object. */
function defaultAt(schema: JsonSchema, layers: Layers, path: readonly string[]): unknown {
  let node = schema
  for (const [depth, name] of path.entries()) {
    const inner = node.properties?.[name]
    if (!inner) return undefined
    const rest = path.slice(depth + 1)
    const isThere = layers.some(([, layer]) => isObject(at(layer, path.slice(0, depth + 1))))
    if (!isThere && inner.default !== undefined) {
      if (has(inner.default, rest)) return at(inner.default, rest)
    } else if (!isThere && rest.length > 0) return undefined
    node = inner
  }
  return undefined
}
