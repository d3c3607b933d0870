import type { Document } from 'bson'
import type { DataOperation } from './commands.ts'
import { order } from './values.ts'
import type { Row, Value } from './values.ts'

/** What an operation came to, in one shape for the reply and the model. */
export interface Outcome {
  /** The code of a command that failed as a whole. */
  code?: number
  /** Where a write failed, and with which code. */
  errors?: { index: number; code: number }[]
  n?: number
  modified?: number
  upserted?: Value[]
  /** Rows in their order. */
  rows?: Row[]
  /** Values in the order of all values. */
  values?: Value[]
  value?: Row | null
}

export const ascending = <T extends Value>(values: readonly T[]): T[] => values.toSorted(order)

/** What a reply says. */
export function outcomeOf(operation: DataOperation, reply: Document): Outcome {
  if (reply.ok !== 1) return { code: Number(reply.code) }
  const cursor = reply.cursor as { firstBatch: Row[] } | undefined
  switch (operation.kind) {
    case 'insert':
    case 'delete':
      return { n: Number(reply.n), errors: errorsOf(reply) }
    case 'update':
    case 'replace':
      return {
        n: Number(reply.n),
        modified: Number(reply.nModified),
        upserted: ((reply.upserted ?? []) as { _id: Value }[]).map(({ _id }) => _id),
        errors: errorsOf(reply),
      }
    case 'modify':
      return { value: (reply.value ?? null) as Row | null }
    case 'bulk':
      return {
        n: Number(reply.nInserted) + Number(reply.nMatched) + Number(reply.nUpserted) + Number(reply.nDeleted),
        modified: Number(reply.nModified),
        errors: (cursor?.firstBatch ?? []).flatMap((one) =>
          one.ok === 1 ? [] : [{ index: Number(one.idx), code: Number(one.code) }],
        ),
      }
    case 'find':
      return { rows: cursor?.firstBatch ?? [] }
    case 'count':
      return { n: Number(reply.n) }
    case 'distinct':
      return { values: ascending(reply.values as Value[]) }
    case 'aggregate':
      return { values: ascending(cursor?.firstBatch ?? []) }
  }
}

function errorsOf(reply: Document): { index: number; code: number }[] {
  return ((reply.writeErrors ?? []) as { index: number; code: number }[]).map(({ index, code }) => ({ index, code }))
}

/** A text that is the same for the same outcome, with the order of fields. */
export function show(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, name, plain: unknown) {
    const given = this[name]
    return given instanceof Date ? { date: Number(given) } : plain
  })
}
