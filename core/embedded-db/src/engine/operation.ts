import type { Document } from 'bson'
import type { RawDocument } from '../bson/types.ts'
import type { Collection } from './collection.ts'

/** One change, as the oplog keeps it. Updates carry what changed, deletes and updates the document key. */
export type Operation =
  | { kind: 'insert'; collection: Collection; documents: RawDocument[] }
  | {
      kind: 'update' | 'replace'
      collection: Collection
      key: RawDocument
      /** For an update: updatedFields, removedFields, truncatedArrays; for a replacement: absent. */
      change: Document | undefined
      /** The new document: always for a replacement, else only when the collection keeps images. */
      post: RawDocument | undefined
      pre: RawDocument | undefined
    }
  | { kind: 'delete'; collection: Collection; key: RawDocument; pre: RawDocument | undefined }
  | { kind: 'command'; database: string; namespace: string; name: string; detail: Document }

/** Adds an operation to those before it; inserts into one collection that follow each other are one. */
export function addOperation(operations: Operation[], operation: Operation): void {
  const last = operations.at(-1)
  if (operation.kind === 'insert' && last?.kind === 'insert' && last.collection === operation.collection)
    for (const document of operation.documents) last.documents.push(document)
  else operations.push(operation)
}
