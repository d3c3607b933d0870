import { manifestSchema } from '../../../manifest/schema/index.ts'
import { manifestPath, schemaInPackage } from '../../../package/file-list.ts'
import type { Codemod } from '../codemod.ts'

/** Nothing answers at the schema's own address: editors find it in the SDK that is installed. */
export const nameTheInstalledSchema: Codemod = {
  id: '0002-name-the-installed-schema',
  files: [manifestPath],
  change(sources) {
    const text = sources.get(manifestPath) ?? '{}'
    const changed = text.replace(`"${manifestSchema.$id}"`, () => JSON.stringify(schemaInPackage))
    return new Map(changed === text ? [] : [[manifestPath, changed]])
  },
}
