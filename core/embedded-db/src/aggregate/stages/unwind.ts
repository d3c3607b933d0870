import { type Document, Long } from 'bson'
import { CommandError } from '../../errors.ts'
import { setField } from '../../values/document.ts'
import { valueAt } from '../../values/paths.ts'
import { asDocument, isObject, typeName } from '../../values/types.ts'
import { checkFieldPath } from '../expression.ts'
import type { StageCompiler } from './compiler.ts'

/** A copy of the document with the value at the path; undefined takes the field away. */
export function withValue(document: Document, names: readonly string[], value: unknown): Document {
  const [name = '', ...rest] = names
  const copy = { ...asDocument(document) }
  const inner: unknown = copy[name]
  const next = rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest, value)
  if (next === undefined) delete copy[name]
  else setField(copy, name, next)
  return copy
}

interface Unwind {
  names: string[]
  indexNames: string[] | undefined
  preserve: boolean
}

function parse(spec: unknown): Unwind {
  const options: Document = typeof spec === 'string' ? { path: spec } : isObject(spec) ? spec : {}
  if (typeof spec !== 'string' && !isObject(spec))
    throw new CommandError(
      15981,
      'Location15981',
      `expected either a string or an object as specification for $unwind stage, got ${typeName(spec)}`,
    )
  const {
    path,
    includeArrayIndex: index,
    preserveNullAndEmptyArrays: preserve = false,
  } = options as Record<string, unknown>
  const unknown = Object.keys(options).find(
    (key) => !['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(key),
  )
  if (unknown !== undefined)
    throw new CommandError(28811, 'Location28811', `unrecognized option to $unwind stage: ${unknown}`)
  if (path === undefined) throw new CommandError(28812, 'Location28812', 'no path specified to $unwind stage')
  if (typeof path !== 'string')
    throw new CommandError(
      28808,
      'Location28808',
      `expected a string as the path for $unwind stage, got ${typeName(path)}`,
    )
  if (!path.startsWith('$'))
    throw new CommandError(
      28818,
      'Location28818',
      `path option to $unwind stage should be prefixed with a '$': ${path}`,
    )
  if (typeof preserve !== 'boolean')
    throw new CommandError(
      28809,
      'Location28809',
      'expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage',
    )
  if (index !== undefined && (typeof index !== 'string' || index === ''))
    throw new CommandError(
      28810,
      'Location28810',
      'expected a non-empty string for the includeArrayIndex option to $unwind stage',
    )
  if (typeof index === 'string' && index.startsWith('$'))
    throw new CommandError(
      28822,
      'Location28822',
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${index}`,
    )
  checkFieldPath(path.slice(1))
  return {
    names: path.slice(1).split('.'),
    indexNames: typeof index === 'string' ? index.split('.') : undefined,
    preserve,
  }
}

/** $unwind: one document per element; a value that is no array counts as its only element. */
export const compileUnwindStage: StageCompiler = (spec) => {
  const { names, indexNames, preserve } = parse(spec)
  const indexed = (document: Document, index: Long | null): Document =>
    indexNames ? withValue(document, indexNames, index) : document
  const unwind = (document: Document, output: Document[]): void => {
    const value = valueInDocuments(document, names)
    if (Array.isArray(value) && value.length > 0) {
      ;(value as unknown[]).forEach((item, i) =>
        output.push(indexed(withValue(document, names, item), indexNames ? Long.fromInt(i) : null)),
      )
    } else if (value !== undefined && value !== null && !Array.isArray(value)) output.push(indexed(document, null))
    else if (preserve)
      output.push(indexed(Array.isArray(value) ? withValue(document, names, undefined) : document, null))
  }
  return async function* run(input, { pacer }) {
    for await (const batch of input) {
      const output: Document[] = []
      for (const document of batch) {
        unwind(document, output)
        const rest = pacer.rest()
        if (rest) await rest
      }
      if (output.length > 0) yield output
    }
  }
}

/** Arrays on the way hide what is in them. */
function valueInDocuments(document: Document, names: readonly string[]): unknown {
  for (let length = 1; length < names.length; length++)
    if (Array.isArray(valueAt(document, names.slice(0, length)))) return undefined
  return valueAt(document, names)
}
