import type { Document } from 'bson'
import type { Variables } from '../aggregate/scope.ts'
import { getField, setField } from '../values/document.ts'
import { asDocument, isObject } from '../values/types.ts'
import type { Branch } from './tree.ts'

/** Keeps the fields of the branch, in the document's order, then adds the computed ones in the branch's order. */
export function include(branch: Branch, document: Document, root: Document, variables: Variables): Document {
  const result: Document = {}
  for (const name of Object.keys(document)) {
    const node = branch.children.get(name)
    if (!node || node.kind === 'compute') continue
    const value: unknown = document[name]
    const projected =
      node.kind === 'include'
        ? value
        : node.kind === 'rewrite'
          ? node.rewrite(value, root, variables)
          : node.kind === 'branch'
            ? within(node, value, root, variables, include, false)
            : undefined
    if (projected !== undefined) setField(result, name, projected)
  }
  if (branch.computes) compute(branch, result, document, root, variables, include)
  return result
}

/** Drops the excluded fields and keeps all others. */
export function exclude(branch: Branch, document: Document, root: Document, variables: Variables): Document {
  const result: Document = {}
  for (const name of Object.keys(document)) {
    const node = branch.children.get(name)
    const value: unknown = document[name]
    const projected =
      !node || node.kind === 'include'
        ? value
        : node.kind === 'rewrite'
          ? node.rewrite(value, root, variables)
          : node.kind === 'branch'
            ? within(node, value, root, variables, exclude, true)
            : undefined
    if (projected !== undefined) setField(result, name, projected)
  }
  return result
}

/** Sets computed fields: those that exist keep their place, new ones come last, undefined takes a field away. */
export function addFields(branch: Branch, document: Document, root: Document, variables: Variables): Document {
  const result = { ...document }
  compute(branch, result, document, root, variables, addFields)
  return result
}

function compute(
  branch: Branch,
  result: Document,
  document: Document,
  root: Document,
  variables: Variables,
  project: typeof include,
): void {
  for (const [name, node] of branch.children) {
    if (node.kind === 'compute') assign(result, name, node.expression(root, variables))
    // A branch that exists was projected in its place; addFields has no such pass.
    else if (node.kind === 'branch' && node.computes && (project === addFields || result[name] === undefined))
      assign(result, name, within(node, getField(document, name), root, variables, project, true))
  }
}

function assign(result: Document, name: string, value: unknown): void {
  if (value === undefined) delete result[name]
  else setField(result, name, value)
}

/** Applies a branch to an embedded document, or to each element of an array; other values are kept, dropped, or replaced by what is computed. */
function within(
  branch: Branch,
  value: unknown,
  root: Document,
  variables: Variables,
  project: typeof include,
  keep: boolean,
): unknown {
  if (isObject(value)) return project(branch, asDocument(value), root, variables)
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const item of value as unknown[]) {
      const projected = within(branch, item, root, variables, project, keep)
      if (projected !== undefined) items.push(projected)
    }
    return items
  }
  if (branch.computes) return project(branch, {}, root, variables)
  return keep ? value : undefined
}
