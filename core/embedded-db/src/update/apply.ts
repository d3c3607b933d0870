import type { Document } from 'bson'
import { CommandError } from '../errors.ts'
import { identical } from '../values/compare.ts'
import { describe, getField, isArrayIndex, setField } from '../values/document.ts'
import { asDocument, isObject } from '../values/types.ts'
import { type ApplyContext, removed } from './mutation.ts'
import { mergeNodes, type UpdateNode } from './tree.ts'
import { checkTopLevelName, filterIdentifier, isPositional } from './update-path.ts'

const maxPadding = 1_500_000

/** Applies a node to the value at its path; answers the same reference when nothing changed. */
export function applyNode(node: UpdateNode, current: unknown, context: ApplyContext, path: readonly string[]): unknown {
  if (node.mutator) {
    const next = node.mutator.apply(current, context, path)
    if (next === current || (next !== removed && identical(current, next))) return current
    if (!node.mutator.extends || !isExtended(current, next)) context.touched?.push(path)
    return next
  }
  if (Array.isArray(current)) return applyToArray(node, current as unknown[], context, path)
  if (isObject(current)) return applyToDocument(node, asDocument(current), context, path, current)
  if (current === undefined) return applyToMissing(node, context, path)
  return refuseScalar(node, current, context, path)
}

/** The position that `$` stands for; what is no array has a field of that name. */
function matchedPosition(context: ApplyContext, path: readonly string[]): number {
  const at = context.position(path)
  if (at === undefined)
    throw new CommandError(2, 'BadValue', 'The positional operator did not find the match needed from the query.')
  return at
}

/** The field of something other than an array that a component of the path names; undefined when it asks for an array. */
function fieldNamed(name: string, context: ApplyContext, path: readonly string[]): string | undefined {
  if (name === '$') return String(matchedPosition(context, path))
  return isPositional(name) ? undefined : name
}

function isExtended(before: unknown, after: unknown): boolean {
  return (
    Array.isArray(before) &&
    Array.isArray(after) &&
    after.length > before.length &&
    before.every((item, i) => item === after[i])
  )
}

function applyToDocument(
  node: UpdateNode,
  document: Document,
  context: ApplyContext,
  path: readonly string[],
  same: unknown,
): unknown {
  let copy: Document | undefined
  for (const [given, child] of node.children) {
    const name = fieldNamed(given, context, path)
    if (name === undefined) throw notAnArray(path, document)
    const old = getField(copy ?? document, name)
    const next = applyNode(child, old, context, [...path, name])
    if (next === old) continue
    copy ??= { ...document }
    if (next === removed) {
      delete copy[name]
      continue
    }
    if (path.length === 0 && !context.inserting) checkTopLevelName(name)
    setField(copy, name, next)
  }
  return copy ?? same
}

function applyToMissing(node: UpdateNode, context: ApplyContext, path: readonly string[]): unknown {
  for (const name of node.children.keys())
    if (fieldNamed(name, context, path) === undefined)
      throw new CommandError(
        2,
        'BadValue',
        `The path '${path.join('.')}' must exist in the document in order to apply array updates.`,
      )
  if (!node.creates) return undefined
  const created: Document = {}
  const result = applyToDocument(node, created, context, path, created)
  return result === created ? undefined : result
}

function refuseScalar(node: UpdateNode, current: unknown, context: ApplyContext, path: readonly string[]): unknown {
  for (const [given, child] of node.children) {
    const name = fieldNamed(given, context, path)
    if (name === undefined) throw notAnArray(path, current)
    refuseBelow(child, [name], current, context, path)
  }
  return current
}

/** @throws CommandError 28 for a change below what holds no such field, if it is one that minds */
function refuseBelow(
  node: UpdateNode,
  names: readonly string[],
  current: unknown,
  context: ApplyContext,
  path: readonly string[],
): void {
  if (node.mutator?.creates && (context.inserting || !node.mutator.onlyInserts))
    throw pathNotViable(names[0] as string, path, current)
  if (node.mutator?.needsWay) throw notTraversable(names, path, current)
  for (const [name, child] of node.children) refuseBelow(child, [...names, name], current, context, path)
}

function notAnArray(path: readonly string[], current: unknown): CommandError {
  return new CommandError(
    2,
    'BadValue',
    `Cannot apply array updates to non-array element ${path.at(-1) ?? ''}: ${describe(current)}`,
  )
}

function pathNotViable(name: string, path: readonly string[], current: unknown): CommandError {
  return new CommandError(
    28,
    'PathNotViable',
    `Cannot create field '${name}' in element {${path.at(-1) ?? ''}: ${describe(current)}}`,
  )
}

function notTraversable(names: readonly string[], path: readonly string[], current: unknown): CommandError {
  return new CommandError(
    28,
    'PathNotViable',
    `Cannot use the part (${names[0] ?? ''}) of (${[...path, ...names].join('.')}) to traverse the element ({${path.at(-1) ?? ''}: ${describe(current)}})`,
  )
}

/** The positions that a component of the path names in an array. */
function positionsOf(
  name: string,
  items: readonly unknown[],
  context: ApplyContext,
  path: readonly string[],
): number[] | undefined {
  if (name === '$') return [matchedPosition(context, path)]
  const identifier = filterIdentifier(name)
  if (identifier === '') return [...items.keys()]
  if (identifier !== undefined) return [...items.keys()].filter((i) => context.passes(identifier, items[i]))
  return isArrayIndex(name) ? [Number(name)] : undefined
}

function applyToArray(node: UpdateNode, items: unknown[], context: ApplyContext, path: readonly string[]): unknown {
  const nodes = new Map<number, UpdateNode>()
  for (const [name, child] of node.children) {
    const positions = positionsOf(name, items, context, path)
    if (!positions) {
      refuseBelow(child, [name], items, context, path)
      continue
    }
    for (const at of positions) {
      const other = nodes.get(at)
      nodes.set(at, other ? mergeNodes(other, child, [...path, String(at)]) : child)
    }
  }
  const copy = [...items]
  let changed = false
  for (const [at, child] of nodes) {
    const next = applyNode(child, copy[at], context, [...path, String(at)])
    if (next === copy[at]) continue
    changed = true
    setElement(copy, at, next)
  }
  return changed ? copy : items
}

/** Past the end the array is filled with nulls; an element taken away leaves a null. */
function setElement(items: unknown[], at: number, value: unknown): void {
  if (at - items.length > maxPadding)
    throw new CommandError(2, 'BadValue', `can't backfill more than ${maxPadding} elements`)
  while (items.length < at) items.push(null)
  items[at] = value === removed || value === undefined ? null : value
}
