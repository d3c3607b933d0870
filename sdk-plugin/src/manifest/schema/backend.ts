import { eventTopic, permissionId, topic, unitId } from './names.ts'

const route = {
  type: 'object',
  additionalProperties: false,
  required: ['method', 'path', 'permission'],
  properties: {
    method: { enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], description: 'HTTP method.' },
    path: {
      type: 'string',
      pattern: '^/([A-Za-z0-9_.{}*-]+(/[A-Za-z0-9_.{}*-]+)*)?$',
      maxLength: 200,
      examples: ['/items/{id}'],
      description: 'Path below /api/plugins/<id>, in hapi’s notation: /items/{id}.',
    },
    permission: {
      ...permissionId,
      description: 'Who may call it; the host refuses everybody else before the plugin runs.',
    },
    maxBytes: {
      type: 'integer',
      minimum: 0,
      maximum: 16_777_216,
      description: 'Largest request body in bytes; 65,536 when left out.',
    },
    timeoutMs: {
      type: 'integer',
      minimum: 100,
      maximum: 120_000,
      description: 'Time limit of the handler in ms, then 504; 10,000 when left out.',
    },
    idempotent: {
      type: 'boolean',
      description: 'A second call does no more than the first: who got no answer may call it again.',
    },
    streaming: {
      type: 'boolean',
      description: 'The payload is handed over as a stream, and its media type is not JSON.',
    },
    accepts: {
      type: 'array',
      items: { type: 'string', maxLength: 80 },
      minItems: 1,
      maxItems: 5,
      description: 'Media types accepted for the body; application/json when left out.',
    },
    activity: { type: 'boolean', description: 'False when a call is not the person’s activity, as a poll is not.' },
  },
} as const

export const backend = {
  type: 'object',
  additionalProperties: false,
  required: ['entry', 'isolation', 'routes'],
  description: 'What runs in the host. Left out by a plugin that has screens only.',
  properties: {
    entry: {
      type: 'string',
      pattern: '^dist/[A-Za-z0-9_./-]+\\.cjs$',
      maxLength: 200,
      examples: ['dist/server.cjs'],
      description: 'The bundle that `dcesop build` writes from server/main.ts: one CommonJS file.',
    },
    isolation: {
      enum: ['inline', 'process'],
      description: 'The least isolation that the author accepts; the operator’s policy may raise it, never lower it.',
    },
    routes: {
      type: 'array',
      items: route,
      maxItems: 200,
      description:
        'Every HTTP route. The host compares them with what the plugin registers; a difference refuses the start.',
    },
    jobs: {
      type: 'array',
      maxItems: 50,
      description: 'Background work, on one node at a time.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'everyMs'],
        properties: {
          name: { ...unitId, description: 'As in jobs.every().' },
          everyMs: { type: 'integer', minimum: 500, maximum: 86_400_000, description: 'Time between two runs, ms.' },
        },
      },
    },
    events: {
      type: 'object',
      additionalProperties: false,
      description: 'Versioned topics between plugins, delivered at least once.',
      properties: {
        publishes: {
          type: 'array',
          items: eventTopic,
          uniqueItems: true,
          maxItems: 100,
          description: 'Topics under the plugin’s own id.',
        },
        subscribes: {
          type: 'array',
          items: eventTopic,
          uniqueItems: true,
          maxItems: 100,
          description: 'Topics of any plugin.',
        },
      },
    },
    health: {
      type: 'object',
      additionalProperties: false,
      description: 'How the host tells whether it is well.',
      properties: {
        startupMs: {
          type: 'integer',
          minimum: 100,
          maximum: 120_000,
          description: 'How long a start may take, ms; 10,000 when left out.',
        },
        path: {
          type: 'string',
          pattern: '^/_[a-z0-9-]+(/[a-z0-9-]+)*$',
          maxLength: 80,
          examples: ['/_health'],
          description:
            'A GET route of its own that the host alone calls: it is well while that answers 2xx, and gets no requests after three other answers in a row.',
        },
        intervalMs: {
          type: 'integer',
          minimum: 500,
          maximum: 600_000,
          description: 'Time between two such calls, ms; 10,000 when left out.',
        },
      },
    },
    resources: {
      type: 'object',
      additionalProperties: false,
      description: 'What it needs at most. The operator’s caps apply below these.',
      properties: {
        memoryMb: { type: 'integer', minimum: 16, maximum: 8192, description: 'Memory of its process in MiB.' },
        concurrency: {
          type: 'integer',
          minimum: 1,
          maximum: 10_000,
          description:
            'Requests at the same time; 200 when left out. Four times as many may wait, each as long as its route may take.',
        },
      },
    },
  },
} as const

export const realtime = {
  type: 'array',
  maxItems: 50,
  description: 'Topics that are pushed to browsers over one socket.',
  items: {
    type: 'object',
    additionalProperties: false,
    required: ['topic', 'permission'],
    properties: {
      topic: { ...topic, description: 'Under the plugin’s own id.' },
      permission: { ...permissionId, description: 'Who may subscribe, within their regions.' },
      replay: {
        type: 'integer',
        minimum: 0,
        maximum: 10_000,
        description: 'Messages kept for each key for replay after a reconnect; 100 when left out.',
      },
      record: {
        type: 'string',
        pattern: '^[a-z][a-z0-9-]*(\\.[a-z0-9-]+)+$',
        maxLength: 80,
        examples: ['network-map.follow'],
        description:
          'For messages about a person: the action under which the audit has each subscription, with its key as the resource, before the first message. `authorize` must know the key.',
      },
    },
  },
} as const
