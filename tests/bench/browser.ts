import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium, type Page } from '@playwright/test'
import { installedBrowser } from '../../config/scripts/lib/browser.mjs'
import type { Product } from '../support/product.ts'
import { accountOf, totpOf } from '../support/accounts.ts'
import { median, report } from './report.ts'

const root = path.resolve(import.meta.dirname, '../..')
const rounds = 5

/** Bytes of the shell as a browser loads them, gzip, without source maps. */
export function benchShellBytes(): void {
  const folder = path.join(root, 'shell/dist')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const kind of ['js', 'css']) {
    const own = files.filter((file) => file.endsWith(`.${kind}`))
    const bytes = own.reduce((sum, file) => sum + gzipSync(readFileSync(path.join(folder, file))).length, 0)
    report({ name: `shell ${kind} in all, gzip`, value: bytes / 1024, unit: 'KiB' })
  }
}

/** Cold load of the sign-in screen and of the dashboard, and the first mount of a plugin's page, in fresh browser contexts. */
export async function benchBrowser(product: Product): Promise<void> {
  const executablePath = installedBrowser()
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  const account = accountOf('service-delivery', 'mx')
  const signInReady: number[] = []
  const dashboardReady: number[] = []
  const pageMount: number[] = []
  const context = await browser.newContext()
  const session = await context.request.post(`${product.url}/api/auth/login`, {
    data: { username: account.username, password: account.password, totp: totpOf(account) },
  })
  if (!session.ok()) throw new Error(`sign-in: ${session.status()}`)
  const state = await context.storageState()
  for (let round = 0; round < rounds; round += 1) {
    const anonymous = await browser.newContext()
    signInReady.push(await timeTo(await anonymous.newPage(), product.url, 'form'))
    await anonymous.close()
    const signedIn = await browser.newContext({ storageState: state })
    const page = await signedIn.newPage()
    dashboardReady.push(await timeTo(page, product.url, '.grid-stack-item'))
    const start = performance.now()
    await page.locator('nav a[href="/network"]').click()
    await page.locator('[data-plugin=diagnostics] h1').waitFor()
    pageMount.push(performance.now() - start)
    await signedIn.close()
  }
  await browser.close()
  report({ name: 'sign-in screen interactive, cold', value: median(signInReady), unit: 'ms' })
  report({ name: 'dashboard with widgets, cold', value: median(dashboardReady), unit: 'ms' })
  report({ name: 'first mount of a plugin page by click', value: median(pageMount), unit: 'ms' })
}

async function timeTo(page: Page, url: string, selector: string): Promise<number> {
  const start = performance.now()
  await page.goto(url)
  await page.locator(selector).first().waitFor()
  return performance.now() - start
}
