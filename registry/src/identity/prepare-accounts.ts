import { Problem } from '@dcesop/sdk-plugin'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RegistryConfig } from '../config/config.ts'
import { StartRefused } from '@dcesop/sdk-plugin/host'
import type { Database } from '../storage/database.ts'
import type { Grant } from '../storage/documents.ts'
import type { Accounts } from './accounts.ts'

interface DemoAccount {
  readonly username: string
  readonly password: string
  /** Made once, for each first start would wait while it is made. */
  readonly passwordHash: string
  readonly roles: readonly Grant[]
  /** Scopes that it owns from the start. */
  readonly scopes: readonly string[]
}

export interface PrepareDeps {
  readonly config: RegistryConfig
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  readonly accounts: Accounts
  readonly database: Database
}

/** The accounts that a registry has from the start: those of the demo, or one administrator whose password the operator sets. */
export async function prepareAccounts({ config, root, env, accounts, database }: PrepareDeps): Promise<void> {
  if (config.accounts.demo) return makeDemoAccounts(join(root, 'config/registry/accounts.json'), accounts, database)
  const demo = await database.accounts.find({ demo: true }).toArray()
  if (demo.length > 0)
    throw new StartRefused(
      `The database holds accounts of the demo, whose passwords everybody knows: ${demo.map(({ _id }) => _id).join(', ')}. Start this profile on a database of its own.`,
    )
  const password = env['DCESOP_REGISTRY_ADMIN_PASSWORD']
  if (password && !(await accounts.find('admin'))) await makeAdministrator(accounts, password)
}

async function makeAdministrator(accounts: Accounts, password: string): Promise<void> {
  try {
    await accounts.create({ name: 'admin', password, roles: [{ role: 'admin' }] })
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'weak_password')) throw error
    throw new StartRefused(`DCESOP_REGISTRY_ADMIN_PASSWORD is not taken. ${error.message}`)
  }
}

async function makeDemoAccounts(file: string, accounts: Accounts, database: Database): Promise<void> {
  const { accounts: list } = JSON.parse(await readFile(file, 'utf8')) as { accounts: DemoAccount[] }
  for (const { username, password, passwordHash, roles } of list) {
    if (await accounts.find(username)) continue
    try {
      await accounts.create({ name: username, password, roles, demo: { passwordHash } })
    } catch (error) {
      // Another process on the same database was faster.
      if (!(error instanceof Problem && error.code === 'account_exists')) throw error
    }
  }
  for (const scope of new Set(list.flatMap((account) => account.scopes))) {
    const owners = list.filter((account) => account.scopes.includes(scope))
    const members = owners.map(({ username }) => ({ user: username, role: 'owner' as const }))
    await database.scopes.updateOne(
      { _id: scope },
      { $setOnInsert: { members, createdAt: new Date() } },
      { upsert: true },
    )
  }
}
