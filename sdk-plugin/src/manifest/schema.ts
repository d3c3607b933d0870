const id = { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 40 } as const
const unitId = { type: 'string', pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$', maxLength: 60 } as const
const semver = { type: 'string', format: 'semver' } as const
const range = { type: 'string', format: 'semver-range' } as const
const messageId = { type: 'string', pattern: '^[a-z][A-Za-z0-9]*(\\.[A-Za-z0-9_-]+)+$', maxLength: 120 } as const
const permission = {
  type: 'string',
  pattern: '^[a-z][a-z0-9-]*(\\.[a-z0-9-]+)*:[a-z][a-z0-9-]*$',
  maxLength: 80,
} as const
const topic = { type: 'string', pattern: '^[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*(/v[1-9][0-9]*)?$', maxLength: 80 } as const
const point = { type: 'string', pattern: '^[a-z][a-z0-9]*\\.[a-z][a-z0-9-]*/v[1-9][0-9]*$', maxLength: 80 } as const
const capability = { type: 'string', pattern: '^[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*$', maxLength: 80 } as const
const relativePath = {
  type: 'string',
  pattern: '^(?!/)(?!.*(^|/)\\.\\.(/|$))[A-Za-z0-9_@./-]+$',
  maxLength: 200,
} as const

const route = {
  type: 'object',
  additionalProperties: false,
  required: ['method', 'path', 'permission'],
  properties: {
    method: { enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
    path: { type: 'string', pattern: '^/([A-Za-z0-9_.{}*-]+(/[A-Za-z0-9_.{}*-]+)*)?$', maxLength: 200 },
    permission,
    /** Largest request body in bytes; default 65,536. */
    maxBytes: { type: 'integer', minimum: 0, maximum: 16_777_216 },
    /** Time limit of the handler; default 10,000. */
    timeoutMs: { type: 'integer', minimum: 100, maximum: 120_000 },
    /** The host may retry it, and replays the stored answer for the same Idempotency-Key. */
    idempotent: { type: 'boolean' },
    /** The payload is handed over as a stream and the media type is not JSON. */
    streaming: { type: 'boolean' },
    /** Media types accepted for the body; default application/json. */
    accepts: { type: 'array', items: { type: 'string', maxLength: 80 }, minItems: 1, maxItems: 5 },
    /** False when a call is not the person's activity (polls). */
    activity: { type: 'boolean' },
  },
} as const

const realtimeTopic = {
  type: 'object',
  additionalProperties: false,
  required: ['topic', 'permission'],
  properties: {
    topic,
    permission,
    /** Messages kept per key for replay after a reconnect; default 100. */
    replay: { type: 'integer', minimum: 0, maximum: 10_000 },
  },
} as const

const backend = {
  type: 'object',
  additionalProperties: false,
  required: ['entry', 'isolation', 'routes'],
  properties: {
    /** The bundle that `dcesop build` writes from `server/main.ts`. */
    entry: { type: 'string', pattern: '^dist/[A-Za-z0-9_./-]+\\.cjs$', maxLength: 200 },
    /** The least isolation that the author accepts; the operator's policy may raise it, never lower it. */
    isolation: { enum: ['inline', 'process'] },
    routes: { type: 'array', items: route, maxItems: 200 },
    jobs: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'everyMs'],
        properties: { name: unitId, everyMs: { type: 'integer', minimum: 500, maximum: 86_400_000 } },
      },
    },
    events: {
      type: 'object',
      additionalProperties: false,
      properties: {
        publishes: { type: 'array', items: topic, uniqueItems: true, maxItems: 100 },
        subscribes: { type: 'array', items: topic, uniqueItems: true, maxItems: 100 },
      },
    },
    health: {
      type: 'object',
      additionalProperties: false,
      properties: { startupMs: { type: 'integer', minimum: 100, maximum: 120_000 } },
    },
    resources: {
      type: 'object',
      additionalProperties: false,
      properties: {
        memoryMb: { type: 'integer', minimum: 16, maximum: 8192 },
        concurrency: { type: 'integer', minimum: 1, maximum: 10_000 },
      },
    },
  },
} as const

const ui = {
  type: 'object',
  additionalProperties: false,
  properties: {
    pages: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'path', 'expose', 'titleKey', 'permission'],
        properties: {
          id: unitId,
          /** path-to-regexp pattern, for example `/customers/:region/:id`. */
          path: { type: 'string', pattern: '^/[A-Za-z0-9_/:.-]*$', maxLength: 120 },
          expose: unitId,
          titleKey: messageId,
          icon: { type: 'string', pattern: '^[a-z0-9-]+$', maxLength: 40 },
          permission,
          order: { type: 'integer', minimum: 0, maximum: 10_000 },
          /** False keeps the page out of the navigation. */
          navigation: { type: 'boolean' },
        },
      },
    },
    extensions: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'point', 'expose', 'titleKey', 'permission'],
        properties: {
          id: unitId,
          point,
          expose: unitId,
          titleKey: messageId,
          permission,
          order: { type: 'integer', minimum: 0, maximum: 10_000 },
          /** For dashboard widgets: size in grid cells. */
          size: {
            type: 'object',
            additionalProperties: false,
            required: ['columns', 'rows'],
            properties: {
              columns: { type: 'integer', minimum: 2, maximum: 12 },
              rows: { type: 'integer', minimum: 1, maximum: 12 },
            },
          },
          /** Roles on whose default dashboard the widget stands. */
          defaultFor: { type: 'array', items: id, uniqueItems: true, maxItems: 20 },
        },
      },
    },
    points: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id'],
        properties: {
          id: point,
          contextSchema: { type: 'object' },
          max: { type: 'integer', minimum: 1, maximum: 100 },
          budgetMs: { type: 'integer', minimum: 50, maximum: 10_000 },
        },
      },
    },
    csp: {
      type: 'object',
      additionalProperties: false,
      properties: {
        connect: { type: 'array', items: { type: 'string' }, maxItems: 20 },
        img: { type: 'array', items: { type: 'string' }, maxItems: 20 },
        font: { type: 'array', items: { type: 'string' }, maxItems: 20 },
      },
    },
  },
} as const

const permissions = {
  type: 'object',
  additionalProperties: false,
  properties: {
    requests: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['cap', 'reasonKey'],
        properties: {
          cap: { type: 'string', pattern: '^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$', maxLength: 60 },
          resource: { type: 'string', maxLength: 200 },
          fields: { type: 'array', items: { type: 'string', maxLength: 80 }, maxItems: 100 },
          purpose: { type: 'string', maxLength: 80 },
          region: { type: 'string', maxLength: 40 },
          reasonKey: messageId,
        },
      },
    },
    defines: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'labelKey', 'sensitivity', 'defaultRoles'],
        properties: {
          id: permission,
          labelKey: messageId,
          sensitivity: { enum: ['high', 'moderate', 'low'] },
          /** Suggestion only: the operator's policy table decides where it speaks. */
          defaultRoles: { type: 'array', items: id, uniqueItems: true, maxItems: 20 },
        },
      },
    },
  },
} as const

/** JSON Schema 2020-12 of `dcesop.plugin.json`, the single source of the manifest's types. */
export const manifestSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://dcesop.dev/schemas/plugin-manifest/v1',
  title: 'DCESOP plugin manifest',
  type: 'object',
  additionalProperties: false,
  patternProperties: { '^x-': {} },
  required: ['manifestVersion', 'id', 'version', 'titleKey', 'engines', 'criticality', 'i18n', 'support'],
  properties: {
    $schema: { type: 'string' },
    manifestVersion: { const: 1 },
    id,
    version: semver,
    titleKey: messageId,
    engines: {
      type: 'object',
      additionalProperties: false,
      required: ['dcesop', 'sdk'],
      properties: { dcesop: range, sdk: range, node: range },
    },
    provides: { type: 'object', propertyNames: capability, additionalProperties: semver, maxProperties: 50 },
    consumes: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['capability', 'range'],
        properties: {
          capability,
          range,
          optional: { type: 'boolean' },
          degrade: { enum: ['hide', 'readonly', 'fail'] },
        },
      },
    },
    conflicts: {
      type: 'array',
      maxItems: 50,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['range', 'reason'],
        properties: { plugin: id, capability, range, reason: { type: 'string', minLength: 1, maxLength: 300 } },
      },
    },
    criticality: { enum: ['mandatory', 'degradable'] },
    backend,
    realtime: { type: 'array', items: realtimeTopic, maxItems: 50 },
    ui,
    permissions,
    config: {
      type: 'object',
      additionalProperties: false,
      required: ['schema'],
      properties: {
        schema: { type: 'object' },
        secrets: { type: 'array', items: { type: 'string', format: 'json-pointer' }, maxItems: 50 },
        scopes: { type: 'array', items: { enum: ['global', 'region', 'tenant'] }, uniqueItems: true },
      },
    },
    data: {
      type: 'object',
      additionalProperties: false,
      required: ['collections', 'schemaVersion'],
      properties: {
        collections: { type: 'array', items: { type: 'string', pattern: '^[a-z][a-z0-9_]*\\*?$' }, maxItems: 50 },
        migrations: relativePath,
        schemaVersion: { type: 'integer', minimum: 1 },
        /** Oldest data version that this code reads; a rollback to it is refused beyond that. */
        minReadable: { type: 'integer', minimum: 1 },
        reversible: { type: 'boolean' },
      },
    },
    regions: {
      type: 'object',
      additionalProperties: false,
      properties: {
        allow: { type: 'array', items: { type: 'string' }, maxItems: 50 },
        deny: { type: 'array', items: { type: 'string' }, maxItems: 50 },
        residency: { enum: ['in-region', 'any'] },
        requires: { type: 'array', items: { type: 'string' }, maxItems: 20 },
      },
    },
    i18n: {
      type: 'object',
      additionalProperties: false,
      required: ['default', 'locales', 'path'],
      properties: {
        default: { type: 'string' },
        locales: { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true },
        path: relativePath,
      },
    },
    lifecycle: {
      type: 'object',
      additionalProperties: false,
      properties: {
        /** How long requests in flight may go on at a stop or upgrade; default 10,000. */
        drainMs: { type: 'integer', minimum: 0, maximum: 300_000 },
        rollbackWindow: { type: 'string', pattern: '^[1-9][0-9]*(m|h|d)$' },
        stateful: { type: 'boolean' },
      },
    },
    support: {
      type: 'object',
      additionalProperties: false,
      required: ['owner', 'contact', 'licence'],
      properties: {
        owner: { type: 'string', minLength: 1 },
        contact: { type: 'string', minLength: 1 },
        docs: { type: 'string' },
        changelog: { type: 'string' },
        licence: { type: 'string', minLength: 1 },
      },
    },
  },
} as const
