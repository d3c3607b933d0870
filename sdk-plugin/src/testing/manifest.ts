import type { PluginManifest } from '../manifest/types.ts'

/** The smallest manifest that passes every check, for tests. */
export function minimalManifest(change: Partial<PluginManifest> = {}): PluginManifest {
  return {
    manifestVersion: 1,
    id: 'demo',
    version: '1.0.0',
    titleKey: 'plugin.title',
    engines: { dcesop: '^0.1.0', sdk: '^0.1.0' },
    criticality: 'degradable',
    i18n: { default: 'es', locales: ['es', 'pt-BR', 'en'], path: 'locales' },
    support: { owner: 'Example', contact: 'plugins@example.com', licence: 'Apache-2.0' },
    ...change,
  }
}
