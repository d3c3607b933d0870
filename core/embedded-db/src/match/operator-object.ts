import type { Document } from 'bson'

/** Whether `{ … }` after a field is a set of operators rather than a document to compare with; DBRef fields are the latter. */
export function isOperatorObject(value: Document): boolean {
  const [first] = Object.keys(value)
  return first !== undefined && first.startsWith('$') && first !== '$ref' && first !== '$id' && first !== '$db'
}
