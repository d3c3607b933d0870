import type { Left } from '../generation/leftovers.ts'
import type { CatalogueEntry } from '../store/catalogue.ts'
import { evidenceFor } from './regional-evidence.ts'

/**
 * @param left what it leaves behind when it is stopped: then it is not hot-swappable
 * @param bytes of its files; null where they are not here
 * @param regions whose approvals are told
 */
export function packageView(
  { digest, manifest, source, putAt, evidence }: CatalogueEntry,
  left: Left | undefined,
  bytes: number | null,
  regions: readonly string[],
) {
  const { id, version, ui, backend } = manifest
  return {
    id,
    version,
    sha512: digest,
    source,
    putAt: putAt.toISOString(),
    evidence: evidenceFor(evidence, regions),
    /** What it brings. */
    kinds: [...(ui ? ['ui'] : []), ...(backend ? ['backend'] : [])],
    bytes,
    hotSwappable: left === undefined,
    leftovers: left ?? null,
  }
}
