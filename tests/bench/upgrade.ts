import { chromium } from '@playwright/test'
import { installedBrowser } from '../../config/scripts/lib/browser.mjs'
import { changePlugin, uploadPackage } from '../support/admin.ts'
import { accountOf, totpOf } from '../support/accounts.ts'
import { signIn } from '../support/client.ts'
import { packVersion } from '../support/packages.ts'
import type { Product } from '../support/product.ts'
import { median, report } from './report.ts'

const rounds = 5
const admin = { role: 'registry-admin', region: 'mx' }

/** An upgrade from the administrator's request until it is active, and until two open tabs offer it, while both show remotes. */
export async function benchUpgrade(product: Product): Promise<void> {
  const executablePath = installedBrowser()
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  const registry = await signIn(product.url, admin.role, admin.region)
  const versions = Array.from({ length: rounds }, (_, round) => `1.0.${round + 1}`)
  for (const version of versions) {
    const { status, body } = await uploadPackage(registry, await packVersion('plugins/diagnostics', version))
    if (status !== 201) throw new Error(`upload: ${status} ${JSON.stringify(body)}`)
  }
  const account = accountOf('agent', 'mx')
  const context = await browser.newContext()
  const session = await context.request.post(`${product.url}/api/auth/login`, {
    data: { username: account.username, password: account.password, totp: totpOf(account) },
  })
  if (!session.ok()) throw new Error(`sign-in: ${session.status()}`)
  const tabs = [await context.newPage(), await context.newPage()]
  for (const tab of tabs) {
    await tab.goto(`${product.url}/network`)
    await tab.locator('[data-plugin=diagnostics] h1').waitFor()
  }
  const active: number[] = []
  const offered: number[] = []
  for (const version of versions) {
    const start = performance.now()
    const seen = Promise.all(tabs.map((tab) => tab.locator('.dc-banner button').waitFor()))
    const { status, body } = await changePlugin(registry, admin, 'diagnostics', 'upgrade', { version })
    if (status !== 200) throw new Error(`upgrade: ${status} ${JSON.stringify(body)}`)
    active.push(performance.now() - start)
    await seen
    offered.push(performance.now() - start)
    for (const tab of tabs) {
      await tab.locator('.dc-banner button').first().click()
      await tab.locator('.dc-banner button').waitFor({ state: 'detached' })
    }
  }
  await browser.close()
  report({ name: 'upgrade from request to active, two tabs open', value: median(active), unit: 'ms' })
  report({ name: 'upgrade from request until both tabs offer it', value: median(offered), unit: 'ms' })
}
