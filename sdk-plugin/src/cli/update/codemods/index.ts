import type { Codemod } from '../codemod.ts'
import { nameTheManifestSchema } from './0001-name-the-manifest-schema.ts'
import { nameTheInstalledSchema } from './0002-name-the-installed-schema.ts'

/** In the order in which they run. A new one is added at the end; none is ever taken out or changed in what it does. */
export const codemods: readonly Codemod[] = [nameTheManifestSchema, nameTheInstalledSchema]
