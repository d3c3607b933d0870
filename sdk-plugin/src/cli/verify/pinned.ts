import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { readPublicKeys } from '../../signing/keys.ts'
import { UsageError } from '../command.ts'
import { t } from '../text/text.ts'

/** Keys that the caller believes because of where they have them from. */
export interface PinnedKeys {
  /** The registry's root, by key id. */
  readonly roots: ReadonlyMap<string, KeyObject>
  /** Publishers' own, by key id, for packages without a registry. */
  readonly publishers: ReadonlyMap<string, KeyObject>
}

interface PinnedFile {
  readonly root?: string | readonly string[]
  /** PEM texts by publisher. */
  readonly publishers?: Readonly<Record<string, string | readonly string[]>>
}

/**
 * Reads `pinned.json` `{ "root": PEM, "publishers": { "acme": PEM } }` (a list where there are several), or one PEM file,
 * which may be either. @throws UsageError
 */
export async function readPinned(file: string): Promise<PinnedKeys> {
  try {
    const text = await readFile(file, 'utf8')
    if (text.startsWith('-----BEGIN')) {
      const keys = readPublicKeys([text])
      return { roots: keys, publishers: keys }
    }
    const { root = [], publishers = {} } = JSON.parse(text) as PinnedFile
    const roots = readPublicKeys([root].flat())
    const pinned = { roots, publishers: readPublicKeys(Object.values(publishers).flat()) }
    // A misspelt member would read as a signature that does not fit.
    if (pinned.roots.size + pinned.publishers.size === 0) throw new UsageError(t('key.unpinnedMembers', { file }))
    return pinned
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(t('key.unpinned', { file, why: (error as Error).message }))
  }
}
