import type { Document } from 'bson'
import type { Expression, Variables } from '../aggregate/scope.ts'
import { CommandError } from '../errors.ts'

/** What happens to one field. */
export type Leaf =
  | { kind: 'include' }
  | { kind: 'exclude' }
  | { kind: 'compute'; expression: Expression }
  /** Rewrites the value in place ($slice, $elemMatch, positional); undefined leaves the field out. */
  | { kind: 'rewrite'; rewrite: (value: unknown, root: Document, variables: Variables) => unknown }

/** Fields by name: leaves, or branches for the fields of an embedded document. */
export interface Branch {
  readonly kind: 'branch'
  readonly children: Map<string, Branch | Leaf>
  /** Whether a computed field lies below. */
  computes: boolean
}

export function createBranch(): Branch {
  return { kind: 'branch', children: new Map(), computes: false }
}

/** Adds a leaf at a path. Errors: 31250 and 31249 when paths collide. */
export function insertPath(root: Branch, names: readonly string[], leaf: Leaf): void {
  let branch = root
  names.forEach((name, i) => {
    branch.computes ||= leaf.kind === 'compute'
    const child = branch.children.get(name)
    if (i === names.length - 1) {
      if (child) throw new CommandError(31250, 'Location31250', `Path collision at ${names.join('.')}`)
      branch.children.set(name, leaf)
      return
    }
    if (child && child.kind !== 'branch') {
      throw new CommandError(
        31249,
        'Location31249',
        `Path collision at ${names.join('.')} remaining portion ${names.slice(i + 1).join('.')}`,
      )
    }
    const next = child ?? createBranch()
    branch.children.set(name, next)
    branch = next
  })
}
