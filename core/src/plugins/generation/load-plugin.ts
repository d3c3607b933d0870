import type { PluginDefinition } from '@dcesop/sdk-plugin'
import type { OpenedPackage } from '../store/package-store.ts'
import { loadModule } from './module-loader.ts'

/** The plugin definition of a package's backend entry; undefined for a package without a backend. */
export function loadPlugin({
  manifest,
  files,
}: Pick<OpenedPackage, 'manifest' | 'files'>): PluginDefinition | undefined {
  const { backend, id, version } = manifest
  if (!backend) return undefined
  const code = files.get(backend.entry)
  if (!code)
    throw new Error(
      `Plugin "${id}" ${version} names "${backend.entry}" as its entry, but the package has no such file.`,
    )
  const exported = loadModule(id, version, backend.entry, code.toString('utf8')) as { default?: unknown }
  const definition = exported.default ?? exported
  if (isDefinition(definition)) return definition
  throw new Error(`"${backend.entry}" of plugin "${id}" ${version} must export by default what definePlugin returns.`)
}

function isDefinition(value: unknown): value is PluginDefinition {
  return typeof value === 'object' && value !== null && typeof (value as { start?: unknown }).start === 'function'
}
