import { BSONRegExp } from 'bson'
import type { Document } from 'bson'
import { extractPredicates } from '../../match/bounds.ts'
import type { PathPredicate } from '../../match/bounds.ts'

/** `{ a: /^x/ }` bounds as `{ a: { $regex: /^x/ } }` does: prefix bounds here also hold the stored regular expressions. */
function spellRegex(filter: Document): Document {
  return Object.fromEntries(
    Object.entries(filter).map(([name, operand]: [string, unknown]) => {
      if (operand instanceof BSONRegExp) return [name, { $regex: operand }]
      if (name === '$and' && Array.isArray(operand)) return [name, (operand as Document[]).map(spellRegex)]
      return [name, operand]
    }),
  )
}

/** What the filter demands of each path, for index bounds. */
export function predicatesOf(filter: Document): PathPredicate[] {
  return extractPredicates(spellRegex(filter))
}
