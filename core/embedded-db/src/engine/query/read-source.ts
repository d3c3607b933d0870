import type { Reader } from '../../store/store.ts'
import type { Collection, View } from '../collection.ts'

/** What a command reads: the newest committed state, or a transaction's own. Ask for the reader anew in each slice. */
export interface ReadSource {
  readonly reader: Reader
  collection(namespace: string): Collection | undefined
  view(namespace: string): View | undefined
}
