import { type Reader, readers, type Variables } from '@dcesop/sdk-plugin/host'

const { text, number, flag, list } = readers
const none: Reader = (value) => (value === 'none' ? [] : value)

/** Keys whose value nobody is shown. */
export const secretKeys: ReadonlySet<string> = new Set(['data.mongodbUri', 'plugins.registry.reportToken'])

/** Environment variables that set a configuration key. */
export const variables: Variables = {
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

/** Takes secrets out of an environment once they are read: plugins in the same process have no use for them. */
export function forgetSecrets(env: NodeJS.ProcessEnv): void {
  for (const [name, { key }] of Object.entries(variables)) if (secretKeys.has(key)) delete env[name]
}
