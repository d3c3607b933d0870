import type { Document } from 'bson'
import type { Operation, Write } from './operations.ts'

export type DataOperation = Exclude<
  Operation,
  { kind: 'openCursor' | 'readCursor' | 'createIndex' | 'dropIndex' | 'rename' | 'drop' | 'end' }
>

/** The command that a driver sends for an operation. */
export function commandOf(operation: DataOperation, database: string, collection: string): Document {
  switch (operation.kind) {
    case 'insert':
      return { insert: collection, documents: operation.rows, ordered: operation.ordered }
    case 'update': {
      const { filter: q, update: u, multi, upsert } = operation
      return { update: collection, updates: [{ q, u, multi, upsert }] }
    }
    case 'replace':
      return { update: collection, updates: [{ q: operation.filter, u: operation.row, upsert: operation.upsert }] }
    case 'delete':
      return { delete: collection, deletes: [{ q: operation.filter, limit: operation.multi ? 0 : 1 }] }
    case 'modify': {
      const { filter: query, sort, update, after } = operation
      return { findAndModify: collection, query, sort, ...(update ? { update, new: after } : { remove: true }) }
    }
    case 'bulk':
      return {
        bulkWrite: 1,
        ops: operation.writes.map(bulkPart),
        nsInfo: [{ ns: `${database}.${collection}` }],
        ordered: operation.ordered,
      }
    case 'find': {
      const { filter, sort, skip, limit, fields } = operation
      return { find: collection, filter, sort, skip, limit, ...(fields && { projection: fields }) }
    }
    case 'count':
      return { count: collection, query: operation.filter }
    case 'distinct':
      return { distinct: collection, key: operation.path, query: operation.filter }
    case 'aggregate':
      return {
        aggregate: collection,
        pipeline: [{ $match: operation.filter }, { $group: { _id: `$${operation.path}`, n: { $sum: 1 } } }],
        cursor: {},
      }
  }
}

function bulkPart(write: Write): Document {
  if (write.kind === 'insert') return { insert: 0, document: write.row }
  const filter = { _id: write.id }
  if (write.kind === 'delete') return { delete: 0, filter, multi: false }
  return { update: 0, filter, updateMods: write.update, multi: false, upsert: write.upsert }
}
