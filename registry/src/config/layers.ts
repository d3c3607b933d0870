/** A JSON object of unknown content. */
export type Json = Record<string, unknown>

type Reader = (text: string) => unknown
const text: Reader = (value) => value
const number: Reader = (value) => (/^\d+$/.test(value) ? Number(value) : value)
const list: Reader = (value) => value.split(',').map((each) => each.trim())
const flag: Reader = (value) => (['true', '1'].includes(value) ? true : ['false', '0'].includes(value) ? false : value)

/** Environment variables that set a configuration key; a text that cannot be read stays as it is, for the schema to refuse. */
export const variables: Readonly<Record<string, { readonly key: string; readonly read: Reader }>> = {
  DCESOP_REGISTRY_HOST: { key: 'http.host', read: text },
  DCESOP_REGISTRY_PORT: { key: 'http.port', read: number },
  DCESOP_REGISTRY_PUBLIC_URL: { key: 'http.publicUrl', read: text },
  DCESOP_REGISTRY_TRUSTED_PROXIES: { key: 'http.trustedProxies', read: list },
  DCESOP_REGISTRY_DATA_DIR: { key: 'data.directory', read: text },
  DCESOP_REGISTRY_DATABASE: { key: 'data.database', read: text },
  DCESOP_REGISTRY_BLOBS: { key: 'data.blobs', read: text },
  DCESOP_REGISTRY_KEYS_DIR: { key: 'trust.keysDirectory', read: text },
  DCESOP_REGISTRY_SIGN_UP: { key: 'accounts.signUp', read: text },
  DCESOP_REGISTRY_SCOPES: { key: 'names.scopes', read: text },
  DCESOP_REGISTRY_UNSCOPED: { key: 'names.unscoped', read: text },
  DCESOP_ALLOW_EMBEDDED_DB: { key: 'data.allowEmbeddedInProduction', read: flag },
  DCESOP_LOG_LEVEL: { key: 'log.level', read: text },
  MONGODB_URI: { key: 'data.mongodbUri', read: text },
}

/** The layer that the environment makes; an empty variable counts as absent. */
export function environmentLayer(env: NodeJS.ProcessEnv): Json {
  const layer: Json = {}
  for (const [name, { key, read }] of Object.entries(variables)) {
    const value = env[name]
    if (!value) continue
    const [group, member] = key.split('.') as [string, string]
    layer[group] = { ...(layer[group] as Json | undefined), [member]: read(value) }
  }
  return layer
}

/** Lays `over` on `base`: objects are merged member by member, anything else is replaced. Neither input is changed. */
export function merge(base: Json, over: Json): Json {
  const result: Json = { ...base }
  for (const [key, value] of Object.entries(over)) {
    const present = result[key]
    result[key] = isObject(present) && isObject(value) ? merge(present, value) : value
  }
  return result
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
