import { CommandError } from '../errors.ts'
import { compareStrings } from '../values/compare.ts'
import { isArrayIndex } from '../values/document.ts'
import type { Mutator } from './mutation.ts'
import { filterIdentifier } from './update-path.ts'

/** The changes of an update by path: a leaf changes its field, a branch leads to the fields below. */
export interface UpdateNode {
  mutator?: Mutator
  readonly children: Map<string, UpdateNode>
  /** Whether some leaf below creates missing fields on its way. */
  creates: boolean
}

export function createNode(): UpdateNode {
  return { children: new Map(), creates: false }
}

function conflict(path: string, at: string): CommandError {
  return new CommandError(
    40,
    'ConflictingUpdateOperators',
    `Updating the path '${path}' would create a conflict at '${at}'`,
  )
}

/** Whether the nodes name elements by array filters on the one side, and fields or positions on the other. */
function mixed(a: string, b: string): boolean {
  return (filterIdentifier(a) === undefined) !== (filterIdentifier(b) === undefined)
}

/** Adds a leaf. Error: 40 when another update has the same path, or one that leads to or through it, or that names elements in another way. */
export function insertLeaf(root: UpdateNode, names: readonly string[], mutator: Mutator): void {
  const path = names.join('.')
  let node = root
  names.forEach((name, i) => {
    if (node.mutator) throw conflict(path, names.slice(0, i).join('.'))
    let child = node.children.get(name)
    if (!child) {
      const [sibling] = node.children.keys()
      if (sibling !== undefined && mixed(sibling, name)) throw conflict(path, names.slice(0, i).join('.'))
      child = createNode()
      node.children.set(name, child)
    }
    node.creates ||= mutator.creates
    node = child
  })
  if (node.mutator || node.children.size > 0) throw conflict(path, path)
  node.mutator = mutator
  node.creates = mutator.creates
}

/** New fields come in the order of names, numbers by value, as in MongoDB since 5.0. */
export function sortTree(node: UpdateNode): void {
  const entries = [...node.children].sort(([a], [b]) =>
    isArrayIndex(a) && isArrayIndex(b) ? Number(a) - Number(b) : compareStrings(a, b),
  )
  node.children.clear()
  for (const [name, child] of entries) {
    node.children.set(name, child)
    sortTree(child)
  }
}

/** One node for two that meet at an element of an array. Error: 40 where they change the same. */
export function mergeNodes(a: UpdateNode, b: UpdateNode, path: readonly string[]): UpdateNode {
  const [left] = a.children.keys()
  const [right] = b.children.keys()
  if (left === undefined || right === undefined || mixed(left, right))
    throw new CommandError(40, 'ConflictingUpdateOperators', `Update created a conflict at '${path.join('.')}'`)
  const merged: UpdateNode = { children: new Map(a.children), creates: a.creates || b.creates }
  for (const [name, child] of b.children) {
    const other = merged.children.get(name)
    merged.children.set(name, other ? mergeNodes(other, child, [...path, name]) : child)
  }
  sortTree(merged)
  return merged
}
