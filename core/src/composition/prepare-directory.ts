import type { Container } from 'inversify'
import { StartRefused } from '@dcesop/sdk-plugin/host'
import { presentOf, readDemoAccounts, seedDemoAccounts } from '../identity/demo-accounts.ts'
import { tokens } from './tokens.ts'

/**
 * Indexes of the platform's collections, then the demo accounts: added where the profile wants them, refused where it does not.
 * @throws StartRefused naming the demo accounts that exist in another profile
 */
export async function prepareDirectory(container: Container, root: string): Promise<void> {
  const accounts = container.get(tokens.accounts)
  const parts = [
    accounts,
    container.get(tokens.audit),
    container.get(tokens.sessionStore),
    container.get(tokens.slowDown),
  ]
  await Promise.all(
    [
      ...parts,
      container.get(tokens.stepUp),
      container.get(tokens.machineTokens),
      container.get(tokens.preferences),
    ].map((part) => part.prepare()),
  )
  const demo = readDemoAccounts(root)
  if (container.get(tokens.config).identity.demoAccounts)
    return seedDemoAccounts(demo, accounts, container.get(tokens.passwords))
  const present = await presentOf(demo, accounts)
  if (present.length > 0) {
    throw new StartRefused(
      `The database holds accounts of the demo, whose passwords everybody knows: ${present.join(', ')}. Remove them or use another database.`,
    )
  }
}
