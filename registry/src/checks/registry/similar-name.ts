import { distance } from 'fastest-levenshtein'
import type { Database } from '../../storage/database.ts'
import type { Check, Finding, Submission } from '../check.ts'
import { finding } from '../findings.ts'
import { foldName } from './fold-name.ts'

const shortestToCompare = 5

/** A new name must not be mistaken for one of another publisher; see docs/checks/similar-name.md for what counts. */
export function similarNameCheck(database: Database): Check<Submission> {
  return {
    id: 'similar-name',
    async run({ name, scope, user, isAdmin }): Promise<Finding[]> {
      if (isAdmin || (await database.packages.findOne({ _id: name }, { projection: { _id: 1 } }))) return []
      const folded = foldName(name)
      const owned = new Set((await database.scopes.find({ 'members.user': user }).toArray()).map(({ _id }) => _id))
      // Every name is looked at: new packages are rare, and the projection keeps it to some bytes each.
      for await (const other of database.packages.find({}, { projection: { folded: 1, scope: 1, owners: 1 } })) {
        const own = other.scope === null ? other.owners.includes(user) : owned.has(other.scope) || other.scope === scope
        if (own || !similar(folded, other.folded)) continue
        return [finding('name-similar', { name, other: other._id })]
      }
      return []
    },
  }
}

function similar(left: string, right: string): boolean {
  if (left === right) return true
  const shorter = Math.min(left.length, right.length)
  if (shorter < shortestToCompare || Math.abs(left.length - right.length) > 1) return false
  return distance(left, right) <= 1
}
