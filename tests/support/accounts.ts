import { readFileSync } from 'node:fs'
import path from 'node:path'
import { TOTP } from 'otpauth'

interface Account {
  readonly username: string
  readonly password: string
  readonly totpSecret?: string
  readonly role: string
  readonly region: string
}
interface MachineClient {
  readonly clientId: string
  readonly clientSecret: string
  readonly scopes: readonly string[]
  readonly region?: string
}

const file = path.resolve(import.meta.dirname, '../../config/demo/accounts.json')
export const demo = JSON.parse(readFileSync(file, 'utf8')) as { accounts: Account[]; machineClients: MachineClient[] }

export function accountOf(role: string, region: string): Account {
  const found = demo.accounts.find((account) => account.role === role && account.region === region)
  if (!found) throw new Error(`no demo account for ${role} in ${region}`)
  return found
}

export function machineOf(scope: string, region: string): MachineClient {
  const found = demo.machineClients.find((client) => client.scopes.includes(scope) && client.region === region)
  if (!found) throw new Error(`no demo machine client for ${scope} in ${region}`)
  return found
}

/** The code that the account's authenticator shows now; `stepsAhead` 1 is still accepted and was not used yet. */
export function totpOf(account: Account, stepsAhead = 0): string | undefined {
  if (!account.totpSecret) return undefined
  return new TOTP({ secret: account.totpSecret }).generate({ timestamp: Date.now() + stepsAhead * 30_000 })
}
