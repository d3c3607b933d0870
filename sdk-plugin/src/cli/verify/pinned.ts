import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { readPublicKeys } from '../../signing/keys.ts'
import { UsageError } from '../command.ts'

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
    return {
      roots: readPublicKeys([root].flat()),
      publishers: readPublicKeys(Object.values(publishers).flat()),
    }
  } catch (error) {
    throw new UsageError(`${file} holds no public keys: ${(error as Error).message}`)
  }
}
