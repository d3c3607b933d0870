import type { Document } from 'bson'
import { branches, fieldPredicate } from '../match/filter.ts'
import { isOperatorObject } from '../match/operator-object.ts'
import type { FieldPredicate, MatchContext } from '../match/predicate.ts'
import { valueAt } from '../values/paths.ts'
import { asDocument, isObject } from '../values/types.ts'

interface Clause {
  path: string
  predicate: FieldPredicate
}

function collect(filter: Document, context: MatchContext, clauses: Clause[]): Clause[] {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$and') for (const branch of branches(name, operand)) collect(branch, context, clauses)
    else if (name === '$or') collectOr(branches(name, operand), context, clauses)
    else if (!name.startsWith('$')) clauses.push({ path: name, predicate: fieldPredicate(operand, context) })
  }
  return clauses
}

/** What an alternative asks a field to be equal to; undefined when it asks for something else. */
function equality(branch: Document): { path: string; value: unknown } | undefined {
  const [entry, second] = Object.entries(branch) as [string, unknown][]
  if (!entry || second || entry[0].startsWith('$')) return undefined
  const [path, operand] = entry
  if (!isObject(operand) || !isOperatorObject(operand)) return { path, value: operand }
  return Object.keys(operand).length === 1 && '$eq' in operand ? { path, value: operand.$eq } : undefined
}

/** Alternatives note no element, as in MongoDB, but for a single one and for those that are an $in of one field. */
function collectOr(alternatives: Document[], context: MatchContext, clauses: Clause[]): void {
  if (alternatives.length === 1) collect(alternatives[0] as Document, context, clauses)
  const equalities = alternatives.map(equality)
  const path = equalities[0]?.path
  if (alternatives.length === 1 || path === undefined || equalities.some((one) => one?.path !== path)) return
  clauses.push({ path, predicate: fieldPredicate({ $in: equalities.map((one) => one?.value) }, context) })
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
  const clauses = collect(filter, context, [])
  return (document, arrayPath) => {
    const path = arrayPath.join('.')
    const own = clauses.filter((clause) => clause.path === path || clause.path.startsWith(`${path}.`))
    const items = valueAt(document, arrayPath)
    let found: number | undefined
    for (const clause of own) {
      const at = Array.isArray(items) ? positionIn(clause, path, items as unknown[]) : -1
      if (at >= 0) found = at
    }
    return found ?? (own.length > 0 ? undefined : otherPosition(clauses, document))
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
