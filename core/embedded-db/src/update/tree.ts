import { CommandError } from '../errors.ts'
import { compareStrings } from '../values/compare.ts'
import { isArrayIndex } from '../values/document.ts'
import type { Mutator } from './mutation.ts'

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

/** Adds a leaf. Error: 40 when another update has the same path, or one that leads to or through it. */
export function insertLeaf(root: UpdateNode, names: readonly string[], mutator: Mutator): void {
  const path = names.join('.')
  let node = root
  names.forEach((name, i) => {
    if (node.mutator) throw conflict(path, names.slice(0, i).join('.'))
    let child = node.children.get(name)
    if (!child) {
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
