import { locale, regionId, relativePath } from './names.ts'

export const config = {
  type: 'object',
  additionalProperties: false,
  required: ['schema'],
  description: 'What an administrator may set.',
  properties: {
    schema: {
      type: 'object',
      description:
        'JSON Schema (2020-12) of the configuration; closed. The console draws its form. The words for a setting are in the catalogues, `config.` and its path with points, and behind that `.hint`, `.unit` and `.value.` with one of `enum`; else `title` and `description` of the schema.',
    },
    secrets: {
      type: 'array',
      items: { type: 'string', format: 'json-pointer', examples: ['/apiKey'] },
      uniqueItems: true,
      maxItems: 50,
      description:
        'Values that come from the operator’s file of secrets only and are never shown, as JSON pointers to texts; those that the schema requires must be there.',
    },
    scopes: {
      type: 'array',
      items: { type: 'string', enum: ['global', 'region', 'tenant'] },
      uniqueItems: true,
      description:
        'Levels on which administrators may set it: `global` (only this one when left out), `region`. The platform has no `tenant`: a version that names it is not installed.',
    },
  },
} as const

export const data = {
  type: 'object',
  additionalProperties: false,
  required: ['collections', 'schemaVersion'],
  description: 'Its own collections. The data port refuses all others.',
  properties: {
    collections: {
      type: 'array',
      items: { type: 'string', pattern: '^[a-z][a-z0-9_]*\\*?$', examples: ['network_map_sites'] },
      maxItems: 50,
      description: 'Names that start with the id and an underscore; a closing * stands for any ending.',
    },
    migrations: {
      ...relativePath,
      description:
        'Folder of the migrations: 0001-what-it-does.cjs, each with `expand(db)`, run before the start, and `contract(db)`, run when no version that needs the old shape can come back. Both are idempotent.',
    },
    schemaVersion: { type: 'integer', minimum: 1, description: 'Version of the data that this code writes.' },
    minReadable: {
      type: 'integer',
      minimum: 1,
      description:
        'Oldest version of the data that this code reads. An upgrade or rollback beyond it is refused first.',
    },
    reversible: {
      type: 'boolean',
      description:
        'True when versions with a smaller schemaVersion can read what this one writes. Otherwise the upgrade is refused until an administrator accepts that there is no way back.',
    },
  },
} as const

const regionList = (description: string) =>
  ({ type: 'array', items: regionId, uniqueItems: true, maxItems: 50, description }) as const

export const regions = {
  type: 'object',
  additionalProperties: false,
  description: 'The author’s claim; the operator’s policy decides.',
  properties: {
    allow: regionList('Only in these.'),
    deny: regionList('Never in these.'),
    residency: { enum: ['in-region', 'any'], description: 'Whether personal data stays in its region.' },
    requires: {
      type: 'array',
      items: { type: 'string', maxLength: 100 },
      uniqueItems: true,
      maxItems: 20,
      description: 'Plugins that must be installed beside it, for example regional-compliance@^2.',
    },
  },
} as const

export const i18n = {
  type: 'object',
  additionalProperties: false,
  required: ['default', 'locales', 'path'],
  description: 'Its catalogues: es, pt-BR and en are complete, regional ones hold differences only.',
  properties: {
    default: { ...locale, description: 'The locale that has every message.' },
    locales: {
      type: 'array',
      items: locale,
      minItems: 1,
      uniqueItems: true,
      description: 'Each has a file <locale>.json.',
    },
    path: { ...relativePath, description: 'Their folder.' },
  },
} as const

export const lifecycle = {
  type: 'object',
  additionalProperties: false,
  description: 'How it is stopped and replaced.',
  properties: {
    drainMs: {
      type: 'integer',
      minimum: 0,
      maximum: 300_000,
      description: 'How long requests in flight may go on at a stop or upgrade, ms; 10,000 when left out.',
    },
    rollbackWindow: {
      type: 'string',
      pattern: '^[1-9][0-9]{0,3}(m|h|d)$',
      examples: ['24h'],
      description: 'How long one can go back to the version before, for example 24h, which it is when left out.',
    },
    stateful: { type: 'boolean', description: 'True when it holds state in memory that a restart loses.' },
  },
} as const

export const support = {
  type: 'object',
  additionalProperties: false,
  required: ['owner', 'contact', 'licence'],
  description: 'Who answers for it.',
  properties: {
    owner: { type: 'string', minLength: 1, description: 'The team or company.' },
    contact: { type: 'string', minLength: 1, description: 'Where an operator reaches them.' },
    docs: { type: 'string', description: 'Its manual.' },
    changelog: { type: 'string', description: 'What changed.' },
    licence: { type: 'string', minLength: 1, description: 'An SPDX expression.' },
  },
} as const
