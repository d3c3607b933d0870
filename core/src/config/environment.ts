import { type Reader, readers, type Variables } from '@dcesop/sdk-plugin/host'

const { text, number, flag, list } = readers
const none: Reader = (value) => (value === 'none' ? [] : value)

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
