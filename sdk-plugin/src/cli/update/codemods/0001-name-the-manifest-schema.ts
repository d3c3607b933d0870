import { manifestSchema } from '../../../manifest/schema/index.ts'
import { manifestPath } from '../../../package/file-list.ts'
import type { Codemod } from '../codemod.ts'

/** The first plugins named no schema in their manifests, so that no editor could help with it. */
export const nameTheManifestSchema: Codemod = {
  id: '0001-name-the-manifest-schema',
  files: [manifestPath],
  change(sources) {
    const text = sources.get(manifestPath) ?? '{}'
    const line = `"$schema": ${JSON.stringify(manifestSchema.$id)}`
    // The text is changed and not written anew: its author's formatting stays.
    const changed = /"\$schema"\s*:/.test(text)
      ? text.replace(/"\$schema"\s*:\s*"[^"]*"/, () => line)
      : text.replace(/^\s*\{(\s*)/, (_start, space: string) => `{${space}${line},${space || ' '}`)
    return new Map(changed === text ? [] : [[manifestPath, changed]])
  },
}
