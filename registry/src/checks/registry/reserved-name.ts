import { builtinModules } from 'node:module'
import type { NamesConfig } from '../../config/config.ts'
import { governanceCollections } from '../../governance/governance-documents.ts'
import type { Database } from '../../storage/database.ts'
import type { Check, Finding, Submission } from '../check.ts'
import { finding } from '../findings.ts'

/** Names that would be taken for somebody else's: the product's own, npm's, Node's modules. Administrators may use them. */
export function reservedNameCheck({ reserved }: NamesConfig, database: Database): Check<Submission> {
  const names = new Set([...reserved, ...builtinModules].map((name) => name.toLowerCase()))
  return {
    id: 'reserved-name',
    async run({ scope, base, user, isAdmin }): Promise<Finding[]> {
      if (isAdmin) return []
      // Below a scope of one's own every base name is free.
      const name = scope ?? base
      if (!names.has(name.toLowerCase())) return []
      const { grants } = governanceCollections(database)
      if (await grants.findOne({ kind: 'reserved', publisher: user, name })) return []
      return [finding('name-reserved', { name: scope === null ? name : `@${name}` })]
    },
  }
}
