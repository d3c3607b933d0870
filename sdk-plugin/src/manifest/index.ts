export { checkManifest, type ManifestCheck } from './check.ts'
export { manifestSchema } from './schema.ts'
export type {
  ExtensionDeclaration,
  ManifestFinding,
  PageDeclaration,
  PluginManifest,
  PointDeclaration,
  RouteDeclaration,
} from './types.ts'
