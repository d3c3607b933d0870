import type { SecretsPort } from '../backend/ports.ts'
import { requireSecretDeclared, secretUnavailable } from '../host/index.ts'
import type { PluginManifest } from '../manifest/types.ts'

/** Secrets that the test gave. */
export function createTestSecrets(manifest: PluginManifest, given: Readonly<Record<string, string>>): SecretsPort {
  return {
    async use(name) {
      requireSecretDeclared(manifest, name)
      const value = given[name]
      if (value === undefined) throw secretUnavailable(manifest.id, name)
      return value
    },
  }
}
