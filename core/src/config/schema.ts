const milliseconds = { type: 'integer', minimum: 100, maximum: 600_000 }
const perMinute = { type: 'integer', minimum: 1, maximum: 10_000_000 }
const pluginId = { pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' }
const isolation = { enum: ['inline', 'process'] }
const regionId = { type: 'string', pattern: '^[a-z]{2}(-[a-z0-9]+)*$' }
const reaction = { enum: ['tell', 'act'] }

function closed(properties: Record<string, object>): object {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties }
}

/** Schema of the merged layers; closed at every level, so that a misspelt key is a mistake and not silence. */
export const configSchema = closed({
  http: closed({
    host: { type: 'string', minLength: 1 },
    port: { type: 'integer', minimum: 0, maximum: 65_535 },
    publicOrigin: { type: ['string', 'null'], pattern: '^https?://[^/]+$' },
    trustedProxies: { type: 'array', uniqueItems: true, items: { type: 'string', format: 'network' } },
    headersTimeoutMs: milliseconds,
    bodyTimeoutMs: milliseconds,
    connectionsCheckingIntervalMs: milliseconds,
    keepAliveTimeoutMs: milliseconds,
    maxHeaderBytes: { type: 'integer', minimum: 4096, maximum: 65_536 },
    drainMs: milliseconds,
    shellDirectory: { type: 'string', minLength: 1 },
    docsDirectory: { type: ['string', 'null'], minLength: 1 },
    limits: closed({
      requestsPerMinutePerIdentity: perMinute,
      requestsPerMinutePerAddress: perMinute,
      signInsPerMinutePerAddress: perMinute,
      connectionsPerAddress: { type: 'integer', minimum: 1 },
    }),
  }),
  data: closed({
    directory: { type: 'string', minLength: 1 },
    mongodbUri: { type: ['string', 'null'], pattern: '^mongodb(\\+srv)?://' },
    databasePrefix: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,30}$' },
    allowEmbeddedInProduction: { type: 'boolean' },
  }),
  regions: { type: 'array', minItems: 1, uniqueItems: true, items: regionId },
  identity: closed({
    idleMinutes: { type: 'integer', minimum: 1, maximum: 15 },
    absoluteHours: { type: 'integer', minimum: 1, maximum: 24 },
    stepUpMinutes: { type: 'integer', minimum: 1, maximum: 5 },
    machineTokenMinutes: { type: 'integer', minimum: 1, maximum: 60 },
    sessionCacheMs: { type: 'integer', minimum: 0, maximum: 4000 },
    argon2: closed({
      memoryKib: { type: 'integer', minimum: 19_456, maximum: 1_048_576 },
      timeCost: { type: 'integer', minimum: 2, maximum: 10 },
      parallelism: { type: 'integer', minimum: 1, maximum: 4 },
      concurrent: { type: 'integer', minimum: 1, maximum: 16 },
      waiting: { type: 'integer', minimum: 1, maximum: 1000 },
    }),
    demoAccounts: { type: 'boolean' },
  }),
  plugins: closed({
    packagesDirectory: { type: 'string', minLength: 1 },
    firstInstall: { anyOf: [{ const: 'all' }, { type: 'array', uniqueItems: true, items: { type: 'string' } }] },
    config: { type: 'object', propertyNames: pluginId },
    secretsFile: { type: ['string', 'null'], minLength: 1 },
    isolation: closed({
      default: isolation,
      byPlugin: { type: 'object', propertyNames: pluginId, additionalProperties: isolation },
    }),
    leaseSeconds: { type: 'integer', minimum: 5, maximum: 600 },
    safeMode: closed({
      crashes: { type: 'integer', minimum: 2, maximum: 100 },
      withinMinutes: { type: 'integer', minimum: 1, maximum: 1440 },
      watchSeconds: { type: 'integer', minimum: 1, maximum: 600 },
      settleSeconds: { type: 'integer', minimum: 1, maximum: 3600 },
    }),
    devOverrides: { type: 'boolean' },
    registry: closed({
      url: { type: ['string', 'null'], pattern: '^https?://[^/?#]+(/[^?#]*)?$' },
      rootKey: { type: ['string', 'null'], minLength: 1 },
      regions: { type: ['array', 'null'], minItems: 1, uniqueItems: true, items: regionId },
      channel: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,39}$' },
      refreshSeconds: { type: 'integer', minimum: 1, maximum: 86_400 },
      bundleMaxAgeDays: { type: 'integer', minimum: 1, maximum: 365 },
      react: closed({
        security: reaction,
        legal: reaction,
        defect: reaction,
        withdrawn: reaction,
        flagged: reaction,
        unapproved: reaction,
      }),
      reportToken: { type: ['string', 'null'], pattern: '^dcesop_[A-Za-z0-9_-]{43}$' },
    }),
  }),
  demo: closed({
    programs: {
      type: 'array',
      items: closed({
        name: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' },
        entry: { type: 'string', minLength: 1 },
        clients: { type: 'string', minLength: 1 },
        waitForReadyLine: { type: 'boolean' },
      }),
    },
  }),
  log: closed({ level: { enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] } }),
})

/** Schema of `config/regions/<id>.json`. */
export const regionSchema = closed({
  id: regionId,
  country: { type: 'string', pattern: '^[A-Z]{2}$' },
  name: closed({ es: { type: 'string' }, 'pt-BR': { type: 'string' }, en: { type: 'string' } }),
  timeZone: { type: 'string', minLength: 1 },
  currency: { type: 'string', pattern: '^[A-Z]{3}$' },
  locale: { enum: ['es', 'es-MX', 'es-CO', 'pt-BR', 'en'] },
})
