import type { FromSchema } from 'json-schema-to-ts'
import type { CodedFinding } from '../findings/finding-text.ts'
import type { manifestSchema } from './schema/index.ts'

/** `dcesop.plugin.json` after validation; derived from the schema. */
export type PluginManifest = FromSchema<typeof manifestSchema>
export type RouteDeclaration = NonNullable<PluginManifest['backend']>['routes'][number]
export type PageDeclaration = NonNullable<NonNullable<PluginManifest['ui']>['pages']>[number]
export type ExtensionDeclaration = NonNullable<NonNullable<PluginManifest['ui']>['extensions']>[number]
export type PointDeclaration = NonNullable<NonNullable<PluginManifest['ui']>['points']>[number]

/** Something wrong with a manifest: a stable rule id, where, what was found, and how to mend it; by code in any language. */
export interface ManifestFinding extends CodedFinding {
  readonly rule: string
  readonly pointer: string
  readonly message: string
  readonly fix: string
}
