import type { Document } from 'bson'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/raw.ts'
import type { RawDocument } from '../bson/types.ts'
import { compileConstantScope } from '../aggregate/constant-scope.ts'
import type { Scope, Variables } from '../aggregate/scope.ts'
import { CommandError } from '../errors.ts'
import { notInThisContext } from '../match/filter.ts'
import { matchContext, type MatchOptions } from '../match/index.ts'
import { isObject } from '../values/types.ts'
import { addFields, exclude, include } from './apply.ts'
import { compileSlice, elementAt, elemMatchLeaf, type Finish, sliceAt } from './find-operators.ts'
import { parseProjection, type ParsedProjection } from './parse.ts'
import { keepsValues, projectBytes } from './raw.ts'
import { createBranch, insertPath } from './tree.ts'
import { checkFieldPath } from '../aggregate/expression.ts'

export interface ProjectionOptions extends MatchOptions {
  /** The query filter, for the positional operator. */
  filter?: Document | undefined
}

export type CompiledProjection = (document: Document, variables: Variables) => Document

function runner({ mode, root }: ParsedProjection): CompiledProjection {
  const apply = mode === 'include' ? include : exclude
  return (document, variables) => apply(root, document, document, variables)
}

/** What a find makes of each stored document. */
export type RawProjection = (bytes: RawDocument) => RawDocument

/**
 * Compiles find's projection, with $slice, $elemMatch and the positional operator; undefined when it names nothing.
 * Errors: see parseProjection.
 */
export function compileProjection(
  spec: Document | undefined,
  options: ProjectionOptions = {},
): RawProjection | undefined {
  if (!spec || Object.keys(spec).length === 0) return undefined
  const { scope, variables } = compileConstantScope({ let: options.let, now: options.now, collator: options.collation })
  const context = matchContext(options)
  const parts = matchContext({ ...options, refuse: notInThisContext })
  const finishes: Finish[] = []
  const parsed = parseProjection(spec, {
    scope,
    special: (operator, operand, path) => {
      if (operator === '$elemMatch') return elemMatchLeaf(operand, path, parts)
      const cut = operator === '$slice' ? compileSlice(operand) : undefined
      if (!cut) return undefined
      finishes.push(sliceAt(path, cut))
      return { kind: 'include' }
    },
    positional: (path) => void finishes.push(elementAt(path, options.filter ?? {}, context)),
  })
  if (finishes.length === 0 && keepsValues(parsed.root)) return (bytes) => projectBytes(bytes, parsed)
  const run = runner(parsed)
  return (bytes) => {
    const document = decode(bytes)
    return encode(finishes.reduce((projected, finish) => finish(projected, document), run(document, variables)))
  }
}

/** Compiles $project. Error: 51272 for an empty specification. */
export function compileProjectStage(spec: unknown, scope: Scope): CompiledProjection {
  if (!isObject(spec)) throw new CommandError(15969, 'Location15969', '$project specification must be an object')
  if (Object.keys(spec).length === 0)
    throw new CommandError(
      51272,
      'Location51272',
      'Invalid $project :: caused by :: projection specification must have at least one field',
    )
  return runner(parseProjection(spec, { scope }))
}

/** Compiles $addFields and $set. Error: 40272 for another operand than an object. */
export function compileAddFields(spec: unknown, scope: Scope, stage: string): CompiledProjection {
  if (!isObject(spec))
    throw new CommandError(
      40272,
      'Location40272',
      `${stage} specification stage must be an object, got ${String(spec)}`,
    )
  if (Object.keys(spec).length === 0)
    throw new CommandError(
      40177,
      'Location40177',
      `Invalid ${stage} :: caused by :: specification must have at least one field`,
    )
  const root = createBranch()
  const collect = (path: string, value: unknown): void => {
    const [first] = isObject(value) ? Object.keys(value) : []
    if (isObject(value) && first !== undefined && !first.startsWith('$')) {
      for (const [name, inner] of Object.entries(value)) collect(`${path}.${name}`, inner)
      return
    }
    checkFieldPath(path)
    insertPath(root, path.split('.'), { kind: 'compute', expression: scope.compile(value, scope) })
  }
  for (const [path, value] of Object.entries(spec)) collect(path, value)
  return (document, variables) => addFields(root, document, document, variables)
}

/** Compiles $unset of one or more field paths. Errors: 31002, 31119, 31120. */
export function compileUnset(spec: unknown): CompiledProjection {
  if (!Array.isArray(spec) && typeof spec !== 'string')
    throw new CommandError(31002, 'Location31002', '$unset specification must be a string or an array')
  const paths: unknown[] = Array.isArray(spec) ? spec : [spec]
  if (paths.length === 0)
    throw new CommandError(
      31119,
      'Location31119',
      '$unset specification must be a string or an array with at least one field',
    )
  const root = createBranch()
  for (const path of paths) {
    if (typeof path !== 'string')
      throw new CommandError(
        31120,
        'Location31120',
        '$unset specification must be a string or an array containing only string values',
      )
    checkFieldPath(path)
    insertPath(root, path.split('.'), { kind: 'exclude' })
  }
  return (document, variables) => exclude(root, document, document, variables)
}
