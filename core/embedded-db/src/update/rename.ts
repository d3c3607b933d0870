import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { describe, getField, isArrayIndex } from '../values/document.ts'
import { asDocument, isObject } from '../values/types.ts'

function throughArray(end: string, document: Document, names: readonly string[], array: string): CommandError {
  return new CommandError(
    2,
    'BadValue',
    `The ${end} field cannot be an array element, '${names.join('.')}' in doc with _id: ${describe(document._id)} has an array field called '${array}'`,
  )
}

/**
 * The value that $rename moves; undefined when there is none.
 * @throws CommandError 28 when the path goes on behind what holds no fields, 2 for one that lies in an array
 */
export function sourceValue(document: Document, names: readonly string[]): unknown {
  let value: unknown = document
  let array: string | undefined
  for (const [i, name] of names.entries()) {
    if (Array.isArray(value) && isArrayIndex(name)) {
      array = names[i - 1]
      value = (value as unknown[])[Number(name)]
    } else if (isObject(value)) value = getField(asDocument(value), name)
    else
      throw new CommandError(
        28,
        'PathNotViable',
        `Cannot use the part (${name}) of (${names.join('.')}) to traverse the element ({${names[i - 1] ?? ''}: ${describe(value)}})`,
      )
    if (value === undefined) return undefined
  }
  if (array !== undefined) throw throughArray('source', document, names, array)
  return value
}

/** @throws CommandError 2 when an array lies on the way to where $rename moves a value */
export function checkDestination(document: Document, names: readonly string[]): void {
  let value: unknown = document
  for (const [i, name] of names.entries()) {
    if (Array.isArray(value)) throw throughArray('destination', document, names, names[i - 1] as string)
    if (!isObject(value)) return
    value = getField(asDocument(value), name)
  }
}
