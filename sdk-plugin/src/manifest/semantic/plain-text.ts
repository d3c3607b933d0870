import { hiddenCharacterIn } from '../hidden-characters.ts'
import { finding } from '../finding.ts'
import type { ManifestFinding, PluginManifest } from '../types.ts'

/** Reviewers decide by what they read. */
export function plainText(manifest: PluginManifest): ManifestFinding[] {
  const found = hiddenCharacterIn(manifest)
  if (!found) return []
  const { pointer, character } = found
  return [finding('manifest-hidden-character', pointer, { pointer, character })]
}
