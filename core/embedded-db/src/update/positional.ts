import type { Document } from 'bson'
import { branches, compileFilter, fieldPredicate } from '../match/filter.ts'
import type { DocumentTest, FieldPredicate, MatchContext } from '../match/predicate.ts'
import { valueAt } from '../values/paths.ts'
import { asDocument, isObject } from '../values/types.ts'

interface Clause {
  path: string
  predicate: FieldPredicate
  /** For a clause of $or: the branch must hold before its match counts. */
  guard: DocumentTest | undefined
}

function collect(
  filter: Document,
  context: MatchContext,
  guard: DocumentTest | undefined,
  clauses: Clause[],
): Clause[] {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$and') for (const branch of branches(name, operand)) collect(branch, context, guard, clauses)
    else if (name === '$or')
      for (const branch of branches(name, operand)) collect(branch, context, compileFilter(branch, context), clauses)
    else if (!name.startsWith('$')) clauses.push({ path: name, predicate: fieldPredicate(operand, context), guard })
  }
  return clauses
}

function positionIn(clause: Clause, arrayPath: string, items: readonly unknown[]): number {
  if (clause.path === arrayPath) return clause.predicate.position(items)
  const test = clause.predicate.onPath(clause.path.slice(arrayPath.length + 1))
  return items.findIndex((item) => isObject(item) && test(asDocument(item)))
}

/**
 * The position that `$` stands for: the first element of the array that the query matched. A clause on the array's own
 * path decides; without one, the last clause that matched in some other array does.
 */
export function compilePositions(
  filter: Document,
  context: MatchContext,
): (document: Document, arrayPath: readonly string[]) => number | undefined {
  const clauses = collect(filter, context, undefined, [])
  return (document, arrayPath) => {
    const path = arrayPath.join('.')
    const holding = clauses.filter((clause) => !clause.guard || clause.guard(document))
    const own = holding.filter((clause) => clause.path === path || clause.path.startsWith(`${path}.`))
    const items = valueAt(document, arrayPath)
    let found: number | undefined
    for (const clause of own) {
      const at = Array.isArray(items) ? positionIn(clause, path, items as unknown[]) : -1
      if (at >= 0) found = at
    }
    return found ?? (own.length > 0 ? undefined : otherPosition(holding, document))
  }
}

function otherPosition(clauses: readonly Clause[], document: Document): number | undefined {
  let found: number | undefined
  for (const clause of clauses) {
    const names = clause.path.split('.')
    for (let length = 1; length <= names.length; length++) {
      const items = valueAt(document, names.slice(0, length))
      if (!Array.isArray(items)) continue
      const at = positionIn(clause, names.slice(0, length).join('.'), items as unknown[])
      if (at >= 0) found = at
      break
    }
  }
  return found
}
