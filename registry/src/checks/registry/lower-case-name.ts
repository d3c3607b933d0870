import type { Database } from '../../storage/database.ts'
import type { Check, Finding, Submission } from '../check.ts'

/** npm's rule for new names. What was published with capitals before goes on. */
export function lowerCaseNameCheck(database: Database): Check<Submission> {
  return {
    id: 'lower-case-name',
    async run({ name }): Promise<Finding[]> {
      if (name === name.toLowerCase()) return []
      if (await database.packages.findOne({ _id: name }, { projection: { _id: 1 } })) return []
      return [
        {
          rule: 'name-capitals',
          evidence: `"${name}" has capital letters.`,
          fix: `Call the package "${name.toLowerCase()}" in package.json: npm takes no new name with capitals.`,
        },
      ]
    },
  }
}
