import { isObject, type Json } from './merge.ts'

type Reader = (text: string) => unknown

const text: Reader = (value) => value
const number: Reader = (value) => (/^-?\d+$/.test(value) ? Number(value) : value)
const none: Reader = (value) => (value === 'none' ? [] : value)
const list: Reader = (value) => value.split(',').map((each) => each.trim())
const flag: Reader = (value) =>
  value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value

/** Environment variables that set a configuration key; a text that cannot be read is left as it is, for the schema to refuse. */
export const variables: Readonly<Record<string, { readonly key: string; readonly read: Reader }>> = {
  PORT: { key: 'http.port', read: number },
  DCESOP_HOST: { key: 'http.host', read: text },
  DCESOP_PUBLIC_ORIGIN: { key: 'http.publicOrigin', read: text },
  DCESOP_TRUSTED_PROXIES: { key: 'http.trustedProxies', read: list },
  DCESOP_SHELL_DIR: { key: 'http.shellDirectory', read: text },
  DCESOP_DATA_DIR: { key: 'data.directory', read: text },
  MONGODB_URI: { key: 'data.mongodbUri', read: text },
  DCESOP_DATABASE_PREFIX: { key: 'data.databasePrefix', read: text },
  DCESOP_ALLOW_EMBEDDED_DB: { key: 'data.allowEmbeddedInProduction', read: flag },
  DCESOP_PACKAGES_DIR: { key: 'plugins.packagesDirectory', read: text },
  DCESOP_SECRETS_FILE: { key: 'plugins.secretsFile', read: text },
  DCESOP_PLUGIN_ISOLATION: { key: 'plugins.isolation.default', read: text },
  DCESOP_PLUGIN_REGISTRY_URL: { key: 'plugins.registry.url', read: text },
  DCESOP_PLUGIN_REGISTRY_ROOT_KEY: { key: 'plugins.registry.rootKey', read: text },
  DCESOP_PLUGIN_REGISTRY_REPORT_TOKEN: { key: 'plugins.registry.reportToken', read: text },
  DCESOP_DEMO_PROGRAMS: { key: 'demo.programs', read: none },
  DCESOP_LOG_LEVEL: { key: 'log.level', read: text },
}

/** The layer that the environment makes; an empty variable counts as absent. */
export function environmentLayer(env: NodeJS.ProcessEnv): Json {
  const layer: Json = {}
  for (const [name, { key, read }] of Object.entries(variables)) {
    const value = env[name]
    if (value !== undefined && value !== '') set(layer, key.split('.'), read(value))
  }
  return layer
}

/** Name of the variable that set a key, if the environment did. */
export function variableOf(key: string, env: NodeJS.ProcessEnv): string | undefined {
  return Object.entries(variables).find(([name, variable]) => variable.key === key && env[name])?.[0]
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
