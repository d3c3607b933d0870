import { isObject, type Json } from './json.ts'

/** Makes a configuration value of a text; one that cannot be read is left as it is, for the schema to refuse. */
export type Reader = (text: string) => unknown

export const readers = {
  text: (value) => value,
  number: (value) => (/^-?\d+$/.test(value) ? Number(value) : value),
  flag: (value) => (value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value),
  list: (value) => value.split(',').map((each) => each.trim()),
} as const satisfies Record<string, Reader>

/** Environment variables that set a configuration key, such as `http.port`. */
export type Variables = Readonly<Record<string, { readonly key: string; readonly read: Reader }>>

/** The layer that the environment makes; an empty variable counts as absent. */
export function environmentLayer(variables: Variables, env: NodeJS.ProcessEnv): Json {
  const layer: Json = {}
  for (const [name, { key, read }] of Object.entries(variables)) {
    const value = env[name]
    if (value !== undefined && value !== '') set(layer, key.split('.'), read(value))
  }
  return layer
}

/** Name of the variable that set a key, or what the key is a part of, if the environment did. */
export function variableOf(key: string, variables: Variables, env: NodeJS.ProcessEnv): string | undefined {
  return Object.entries(variables).find(
    ([name, variable]) => `${key}.`.startsWith(`${variable.key}.`) && env[name],
  )?.[0]
}

function set(layer: Json, [head, ...rest]: string[], value: unknown): void {
  if (head === undefined) return
  if (rest.length === 0) {
    layer[head] = value
    return
  }
  const next = layer[head]
  const child: Json = isObject(next) ? next : {}
  layer[head] = child
  set(child, rest, value)
}
