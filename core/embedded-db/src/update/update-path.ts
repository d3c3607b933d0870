import { CommandError } from '../errors.ts'

/** Whether a path component stands for array elements: $, $[] or $[identifier]. */
export function isPositional(name: string): boolean {
  return name === '$' || name.startsWith('$[')
}

/** The identifier of $[identifier]; '' for $[]; undefined for another component. */
export function filterIdentifier(name: string): string | undefined {
  return name.startsWith('$[') && name.endsWith(']') ? name.slice(2, -1) : undefined
}

/** The checked components of an update path. Errors: 56 empty name, 2 misplaced positional operator. */
export function parseUpdatePath(path: string): string[] {
  const names = path.split('.')
  if (path === '') throw new CommandError(56, 'EmptyFieldName', 'An empty update path is not valid.')
  if (names.includes(''))
    throw new CommandError(
      56,
      'EmptyFieldName',
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    )
  if (isPositional(names[0] as string)) {
    const kind = names[0] === '$' ? "positional (i.e. '$')" : "array filter identifier (i.e. '$[<id>]')"
    throw new CommandError(2, 'BadValue', `Cannot have ${kind} element in the first position in path '${path}'`)
  }
  if (names.filter((name) => name === '$').length > 1)
    throw new CommandError(2, 'BadValue', `Too many positional (i.e. '$') elements found in path '${path}'`)
  return names
}

/** Refuses a field of an existing document whose name begins with a dollar sign; below, and in what an upsert inserts, it may. Error: 52. */
export function checkTopLevelName(name: string): void {
  if (!name.startsWith('$') || name === '$ref' || name === '$id' || name === '$db') return
  throw new CommandError(
    52,
    'DollarPrefixedFieldName',
    `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
  )
}
