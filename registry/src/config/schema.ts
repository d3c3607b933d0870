const milliseconds = { type: 'integer', minimum: 100, maximum: 600_000 }
const rate = { type: 'integer', minimum: 1, maximum: 10_000_000 }
const days = { type: 'integer', minimum: 1, maximum: 3650 }
const minutes = { type: 'integer', minimum: 1, maximum: 10_080 }
const people = { type: 'integer', minimum: 1, maximum: 5 }

function closed(properties: Record<string, object>): object {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties }
}

/** Schema of the merged layers; closed at every level, so that a misspelt key is a mistake and not silence. @param checkIds every check that exists */
export function configSchema(checkIds: readonly string[]): object {
  const check = closed({
    enabled: { type: 'boolean' },
    enforced: { type: 'boolean' },
    timeLimitMs: { type: 'integer', minimum: 100, maximum: 120_000 },
  })
  return closed({
    http: closed({
      host: { type: 'string', minLength: 1 },
      port: { type: 'integer', minimum: 0, maximum: 65_535 },
      publicUrl: { type: ['string', 'null'], pattern: '^https?://[^\\s/]+(/[^\\s]*[^\\s/])?$' },
      trustedProxies: { type: 'array', uniqueItems: true, items: { type: 'string', format: 'network' } },
      headersTimeoutMs: milliseconds,
      bodyPatienceMs: milliseconds,
      connectionsCheckingIntervalMs: milliseconds,
      keepAliveTimeoutMs: milliseconds,
      drainMs: milliseconds,
      limits: closed({
        requestsPerMinutePerAddress: rate,
        publishesPerMinutePerAccount: rate,
        signInsPerMinutePerAddress: rate,
        connectionsPerAddress: { type: 'integer', minimum: 1 },
        reportsPerHourPerInstance: rate,
      }),
    }),
    data: closed({
      directory: { type: 'string', minLength: 1 },
      mongodbUri: { type: ['string', 'null'], pattern: '^mongodb(\\+srv)?://' },
      database: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,40}$' },
      blobs: { enum: ['files', 'gridfs'] },
      allowEmbeddedInProduction: { type: 'boolean' },
    }),
    accounts: closed({
      signUp: { enum: ['open', 'closed'] },
      demo: { type: 'boolean' },
      argon2: closed({
        memoryKib: { type: 'integer', minimum: 19_456, maximum: 1_048_576 },
        timeCost: { type: 'integer', minimum: 2, maximum: 10 },
        parallelism: { type: 'integer', minimum: 1, maximum: 4 },
        concurrent: { type: 'integer', minimum: 1, maximum: 16 },
        waiting: { type: 'integer', minimum: 1, maximum: 1000 },
      }),
    }),
    names: closed({
      scopes: { enum: ['open', 'granted'] },
      unscoped: { enum: ['admins', 'anyone'] },
      reserved: { type: 'array', uniqueItems: true, items: { type: 'string', minLength: 1 } },
    }),
    trust: closed({
      keysDirectory: { type: ['string', 'null'], minLength: 1 },
      generateKeys: { type: 'boolean' },
      keyListDays: days,
      overlapDays: days,
      snapshotMinutes: minutes,
      snapshotRefreshMinutes: minutes,
      origins: closed({
        rootKeys: { type: 'array', uniqueItems: true, items: { type: 'string', minLength: 1 } },
        maxAgeDays: days,
      }),
    }),
    governance: closed({
      firstParty: { type: 'array', uniqueItems: true, items: { type: 'string', minLength: 1 } },
      channels: {
        type: 'array',
        uniqueItems: true,
        minItems: 2,
        items: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' },
      },
      approvals: closed({ usual: people, mandatory: people, inlinePartner: people, newPermissions: people }),
    }),
    licences: { type: 'array', uniqueItems: true, minItems: 1, items: { type: 'string', minLength: 1 } },
    checks: closed(Object.fromEntries(checkIds.map((id) => [id, check]))),
    log: closed({ level: { enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] } }),
  })
}
