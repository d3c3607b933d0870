import { readers, type Variables } from '@dcesop/sdk-plugin/host'

const { text, number, flag, list } = readers

/** Environment variables that set a configuration key. */
export const variables: Variables = {
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
