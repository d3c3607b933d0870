import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { readPublicKeys } from '@dcesop/sdk-plugin/signing'
import type { RegistrySettings } from '../../core/src/plugins/registry/settings.ts'
import type { RegistryProcess } from './registry.ts'

/** What a host of Brazil needs to believe this registry. @param url by which it reaches it */
export async function registrySettings({ dir }: RegistryProcess, url: string): Promise<RegistrySettings> {
  return {
    url,
    roots: readPublicKeys([await readFile(path.join(dir, 'keys/root.pub.pem'), 'utf8')]),
    regions: ['br'],
    channel: 'stable',
    // Rounds are asked for by the specs, so that none waits for one.
    refreshMs: 24 * 60 * 60_000,
    bundleMaxAgeDays: 30,
    react: { security: 'act', legal: 'act', defect: 'tell', withdrawn: 'tell', flagged: 'act', unapproved: 'act' },
  }
}
