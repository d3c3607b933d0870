import type { Document } from 'bson'
import { checkFieldPath } from '../aggregate/expression.ts'
import { operatorTable } from '../aggregate/operators/table.ts'
import type { Scope } from '../aggregate/scope.ts'
import { CommandError, notImplemented } from '../errors.ts'
import { isNumeric } from '../values/number.ts'
import { isTruthy } from '../values/truthy.ts'
import { getField } from '../values/document.ts'
import { isObject } from '../values/types.ts'
import { type Branch, createBranch, insertPath, type Leaf } from './tree.ts'

export interface ParsedProjection {
  readonly mode: 'include' | 'exclude'
  readonly root: Branch
}

/** The leaves that only find knows, by operator; undefined for an aggregation expression. */
export type SpecialLeaf = (operator: string, operand: unknown, path: string) => Leaf | undefined

export interface ParseOptions {
  scope: Scope
  /** Absent in aggregation, where only expressions are known. */
  special?: SpecialLeaf
  /** Told the path of find's `a.$`; absent in aggregation. */
  positional?: (path: string) => void
}

interface Entry {
  path: string
  leaf: Leaf
  /** The operator of find that made the leaf: `$` for a positional projection. */
  operator?: string
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean' || isNumeric(value)
}

/** The entry of `a.$`, which keeps the field; an element of it is picked when the document is projected. */
function positionalEntry(path: string, value: unknown): Entry {
  if (isObject(value))
    throw new CommandError(
      31271,
      'Location31271',
      'positional projection cannot be used with an expression or sub object',
    )
  if (!isFlag(value))
    throw new CommandError(31308, 'Location31308', 'positional projection cannot be used with a literal')
  if (!isTruthy(value))
    throw new CommandError(31395, 'Location31395', 'positional projection cannot be used with exclusion')
  if (path === '.$')
    throw new CommandError(5392900, 'Location5392900', "positional projection '.$' has no field in front of it")
  return { path: path.slice(0, -2), leaf: { kind: 'include' }, operator: '$' }
}

function collect(path: string, value: unknown, options: ParseOptions, entries: Entry[]): void {
  if (path.endsWith('.$') && options.positional) {
    const entry = positionalEntry(path, value)
    entries.push(entry)
    options.positional(entry.path)
    return
  }
  if (isFlag(value)) {
    entries.push({ path, leaf: { kind: isTruthy(value) ? 'include' : 'exclude' } })
    return
  }
  if (isObject(value)) {
    const [operator] = Object.keys(value)
    if (operator === undefined)
      throw new CommandError(
        51270,
        'Location51270',
        `An empty sub-projection is not a valid value. Found empty object at path '${path}'`,
      )
    if (!operator.startsWith('$')) {
      for (const [name, inner] of Object.entries(value)) collect(`${path}.${name}`, inner, options, entries)
      return
    }
    if (operator === '$meta') throw notImplemented('$meta')
    const special = options.special?.(operator, value[operator], path)
    if (special) {
      entries.push({ path, leaf: special, operator })
      return
    }
    if (!operatorTable.has(operator)) throw new CommandError(31325, 'Location31325', `Unknown expression ${operator}`)
  }
  entries.push({ path, leaf: { kind: 'compute', expression: options.scope.compile(value, options.scope) } })
}

function checkPositional(entries: readonly Entry[]): void {
  const positional = entries.filter(({ operator }) => operator === '$').length
  if (positional > 1)
    throw new CommandError(31276, 'Location31276', 'Cannot specify more than one positional projection per query.')
  if (positional === 1 && entries.some(({ operator }) => operator === '$elemMatch'))
    throw new CommandError(31255, 'Location31255', 'Cannot specify positional operator and $elemMatch.')
}

function checkPath(path: string): void {
  if (path.includes('.$.'))
    throw new CommandError(
      31394,
      'Location31394',
      `As of 4.4, it's illegal to specify positional operator in the middle of a path. Positional projection may only be used at the end, for example: a.b.$. If the query previously used a form like a.b.$.d, remove the parts following the '$' and the results will be equivalent.`,
    )
  checkFieldPath(path)
}

function isInclusive(entry: Entry): boolean {
  return (entry.leaf.kind === 'include' && entry.operator !== '$slice') || entry.leaf.kind === 'compute'
}

/** Among fields that are named, what an operator makes of one comes behind the others. */
function placed({ leaf, path }: Entry, mode: ParsedProjection['mode']): Leaf {
  if (leaf.kind !== 'rewrite' || mode === 'exclude') return leaf
  return {
    kind: 'compute',
    expression: (root, variables) => leaf.rewrite(getField(root as Document, path), root as Document, variables),
  }
}

/**
 * Reads a projection. Errors: 31253, 31254 for a mix of inclusion and exclusion, 31252, 31249, 31250, 16410; 31255, 31276,
 * 31394 and 31395 for a positional projection beside what it does not go with.
 */
export function parseProjection(spec: Document, options: ParseOptions): ParsedProjection {
  const entries: Entry[] = []
  for (const [path, value] of Object.entries(spec)) collect(path, value, options, entries)
  checkPositional(entries)
  for (const { path } of entries) checkPath(path)
  const others = entries.filter(({ path }) => path !== '_id')
  const inclusive = others.find(isInclusive)
  const exclusive = others.find(({ leaf }) => leaf.kind === 'exclude')
  const id = entries.find(({ path }) => path === '_id')
  const mode = inclusive
    ? 'include'
    : exclusive
      ? 'exclude'
      : others.some(({ operator }) => operator === '$elemMatch') ||
          (id && id.leaf.kind !== 'exclude' && others.length === 0)
        ? 'include'
        : 'exclude'
  if (inclusive && exclusive) throw mixed(entries, others)
  if (mode === 'exclude' && id?.leaf.kind === 'compute')
    throw new CommandError(31252, 'Location31252', 'Cannot use expression other than $meta in exclusion projection')
  const root = createBranch()
  if (mode === 'include' && !id && !others.some(({ path }) => path.startsWith('_id.')))
    insertPath(root, ['_id'], { kind: 'include' })
  for (const entry of entries) {
    if (mode === 'exclude' && isInclusive(entry)) continue
    insertPath(root, entry.path.split('.'), placed(entry, mode))
  }
  return { mode, root }
}

function mixed(entries: readonly Entry[], others: readonly Entry[]): CommandError {
  const first = others.find((entry) => entry.leaf.kind !== 'rewrite') ?? (entries[0] as Entry)
  const clash = others.find((entry) => (entry.leaf.kind === 'exclude') === isInclusive(first)) ?? first
  if (clash.leaf.kind === 'exclude')
    return new CommandError(
      31254,
      'Location31254',
      `Cannot do exclusion on field ${clash.path} in inclusion projection`,
    )
  if (clash.leaf.kind === 'compute')
    return new CommandError(31252, 'Location31252', 'Cannot use expression other than $meta in exclusion projection')
  return new CommandError(31253, 'Location31253', `Cannot do inclusion on field ${clash.path} in exclusion projection`)
}
