import { backend, realtime } from './backend.ts'
import { conflicts, consumes, engines, provides } from './dependencies.ts'
import { messageId, pluginId, semver } from './names.ts'
import { config, data, i18n, lifecycle, regions, support } from './operation.ts'
import { permissions } from './permissions.ts'
import { ui } from './ui.ts'

/** JSON Schema 2020-12 of `dcesop.plugin.json`: the single source of the manifest's types, checks and pages. */
export const manifestSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://dcesop.dev/schemas/plugin-manifest/v1',
  title: 'DCESOP plugin manifest',
  type: 'object',
  additionalProperties: false,
  patternProperties: { '^x-': {} },
  required: ['manifestVersion', 'id', 'version', 'titleKey', 'engines', 'criticality', 'i18n', 'support'],
  properties: {
    $schema: { type: 'string', description: 'Address of this schema, for editors.' },
    manifestVersion: { const: 1, description: 'Version of this format.' },
    id: {
      ...pluginId,
      description:
        'Route prefix, prefix of collections, label in logs; never changes. The npm name is @<publisher>/dcesop-<id>.',
    },
    version: { ...semver, description: 'Equal to the version in package.json.' },
    titleKey: { ...messageId, description: 'Its name, a message id of its catalogues.' },
    engines,
    provides,
    consumes,
    conflicts,
    criticality: {
      enum: ['mandatory', 'degradable'],
      description:
        'mandatory fails closed: while it is down, what depends on it answers 503. degradable fails open. Only approved publishers may be mandatory.',
    },
    backend,
    realtime,
    ui,
    permissions,
    config,
    data,
    regions,
    i18n,
    lifecycle,
    support,
  },
} as const
