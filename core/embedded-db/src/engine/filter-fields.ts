import type { Document } from 'bson'

/** Adds the top-level fields that a filter reads to `fields`; false when it may read any (expressions, schemas). */
export function collectFilterFields(filter: Document, fields: Set<string>): boolean {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$and' || name === '$or' || name === '$nor') {
      if (!Array.isArray(operand) || !operand.every((branch) => collectFilterFields(branch as Document, fields)))
        return false
    } else if (name === '$comment') continue
    else if (name.startsWith('$')) return false
    else fields.add(rootOf(name))
  }
  return true
}

/** The first component of a dotted path. */
export function rootOf(path: string): string {
  const dot = path.indexOf('.')
  return dot < 0 ? path : path.slice(0, dot)
}

/** The top-level fields that a filter reads, or undefined when it may read any. */
export function filterFields(filter: Document): ReadonlySet<string> | undefined {
  const fields = new Set<string>()
  return collectFilterFields(filter, fields) ? fields : undefined
}
