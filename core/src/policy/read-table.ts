import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePolicyTable, type PolicyTable } from './table.ts'

/** Reads `config/policy.json` below the product's root. @throws Error naming every mistake */
export function readPolicyTable(root: string): PolicyTable {
  return parsePolicyTable(JSON.parse(readFileSync(join(root, 'config/policy.json'), 'utf8')))
}
