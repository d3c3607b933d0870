export { checkManifest, type ManifestCheck } from './check.ts'
export { manifestSchema } from './schema/index.ts'
export type {
  ExtensionDeclaration,
  ManifestFinding,
  PageDeclaration,
  PluginManifest,
  PointDeclaration,
  RouteDeclaration,
} from './types.ts'
