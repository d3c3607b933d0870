import { PackageError } from '../findings/finding.ts'
import { checkManifest } from '../manifest/check.ts'
import type { PluginManifest } from '../manifest/types.ts'
import { manifestPath } from '../package/file-list.ts'
import { lineOf } from './json-line.ts'
import { readSourceJson, textOfSource } from './read-source.ts'

/** Reads and checks the manifest in a plugin's source folder. @throws PackageError with every finding */
export async function readSourceManifest(pluginDir: string): Promise<PluginManifest> {
  const checked = checkManifest(await readSourceJson(pluginDir, manifestPath))
  if (checked.ok) return checked.manifest
  const text = await textOfSource(pluginDir, manifestPath)
  throw new PackageError(
    checked.findings.map(({ message, pointer, ...rest }) => {
      const at = `${manifestPath}:${lineOf(text, pointer)}`
      return { ...rest, evidence: message, at }
    }),
  )
}
