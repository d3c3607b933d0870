import path from 'node:path'
import type { RegistryConfig } from '../../core/src/config/config.ts'
import { registrySettings as settingsOf, type RegistrySettings } from '../../core/src/plugins/registry/settings.ts'
import type { RegistryProcess } from './registry.ts'

/** The configuration by which a host of Brazil believes this registry. @param url by which it reaches it */
export function registryConfig({ dir }: RegistryProcess, url: string): RegistryConfig {
  return {
    url,
    rootKey: path.join(dir, 'keys/root.pub.pem'),
    regions: ['br'],
    channel: 'stable',
    // Rounds are asked for by the specs, so that none waits for one.
    refreshSeconds: 24 * 60 * 60,
    bundleMaxAgeDays: 30,
    react: { security: 'act', legal: 'act', defect: 'tell', withdrawn: 'tell', flagged: 'act', unapproved: 'act' },
    reportToken: null,
  }
}

/** The same as the host has it. */
export function registrySettings(registry: RegistryProcess, url: string): RegistrySettings {
  return settingsOf(registryConfig(registry, url), []) as RegistrySettings
}
