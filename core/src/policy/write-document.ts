import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLog } from '../observability/log.ts'
import { policyDocument } from './document.ts'
import { Policy } from './policy.ts'
import { readPolicyTable } from './read-table.ts'

// node core/src/policy/write-document.ts: brings docs/policy.md up to date.
const root = join(import.meta.dirname, '../../..')
const table = readPolicyTable(root)
writeFileSync(join(root, 'docs/policy.md'), policyDocument(table, new Policy(table, createLog('warn')).inForce()))
