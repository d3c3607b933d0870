import type { Passwords } from '@dcesop/sdk-plugin/internal/sign-in'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Account, Accounts, MachineClient } from './accounts.ts'
import { digest } from './secrets.ts'

/** `config/demo/accounts.json`: the fixed accounts of the demo profile. */
export interface DemoAccounts {
  readonly accounts: readonly {
    readonly username: string
    readonly password: string
    /** Made once, since making all of them takes a second, for which each first start would wait. */
    readonly passwordHash: string
    readonly totpSecret: string | null
    readonly role: string
    readonly region: string
    readonly displayName: string
    readonly locale: string
  }[]
  readonly machineClients: readonly {
    readonly clientId: string
    readonly clientSecret: string
    readonly scopes: readonly string[]
    /** Null for a client without customer data. */
    readonly region: string | null
  }[]
}

/** @param root folder that holds `config/` */
export function readDemoAccounts(root: string): DemoAccounts {
  return JSON.parse(readFileSync(join(root, 'config/demo/accounts.json'), 'utf8')) as DemoAccounts
}

/** Adds the demo accounts that are missing; those that exist keep what they have. */
export async function seedDemoAccounts(demo: DemoAccounts, accounts: Accounts, passwords: Passwords): Promise<void> {
  const present = new Set(await presentOf(demo, accounts))
  const missing = demo.accounts.filter(({ username }) => !present.has(username))
  const clients = demo.machineClients.filter(({ clientId }) => !present.has(clientId))
  const rows = await Promise.all(
    missing.map(async (entry) => toAccount(entry, await passwords.hash(entry.password, entry.passwordHash))),
  )
  await accounts.add(rows, clients.map(toClient))
}

/** User names and client ids of the demo that exist here: the production profile refuses to start with any. */
export function presentOf(demo: DemoAccounts, accounts: Accounts): Promise<string[]> {
  return accounts.existing(
    demo.accounts.map(({ username }) => username),
    demo.machineClients.map(({ clientId }) => clientId),
  )
}

function toAccount(entry: DemoAccounts['accounts'][number], passwordHash: string): Account {
  return {
    _id: `a_${randomBytes(12).toString('base64url')}`,
    username: entry.username.toLowerCase(),
    kind: entry.role === 'customer' ? 'customer' : 'employee',
    displayName: entry.displayName,
    roles: [entry.role],
    regions: [entry.region],
    locale: entry.locale,
    passwordHash,
    totpSecret: entry.totpSecret,
    totpLastCounter: 0,
    disabled: false,
    devices: [],
  }
}

function toClient(entry: DemoAccounts['machineClients'][number]): MachineClient {
  const regions = entry.region === null ? [] : [entry.region]
  return {
    _id: entry.clientId,
    secretDigest: digest(entry.clientSecret),
    scopes: entry.scopes,
    regions,
    disabled: false,
  }
}
