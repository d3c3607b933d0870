import type { LifecycleParts } from '../lifecycle/parts.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'

type Parts = Pick<LifecycleParts, 'store' | 'catalogue' | 'desired'>

/** The npm name that a plugin's id belongs to here: that of the installed package, else of the one that came with the release. */
export async function boundNameOf(parts: Parts, plugin: string): Promise<string | undefined> {
  const desired = await parts.desired.get(plugin)
  const installed = desired && (await parts.catalogue.byDigest(desired.digest))
  const known = (await parts.catalogue.list()).find(
    ({ manifest, source }) => manifest.id === plugin && source === 'bundled',
  )
  const entry = installed ?? known
  return entry && (entry.evidence?.package ?? nameIn(parts, entry))
}

async function nameIn({ store }: Parts, { digest, listHash }: CatalogueEntry): Promise<string | undefined> {
  const { files } = await store.open(digest, listHash)
  return (JSON.parse(files.get('package.json')?.toString('utf8') ?? '{}') as { name?: string }).name
}
