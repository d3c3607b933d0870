import { type ChildProcess, spawn } from 'node:child_process'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { installedBrowser } from '../../config/scripts/lib/browser.mjs'
import { accountOf, totpOf } from '../support/accounts.ts'
import { packedSdk } from '../support/partner-folder.ts'
import type { Product } from '../support/product.ts'
import { report } from './report.ts'

/**
 * From an empty folder to a page of one's own in a running shell: what an author types, as they type it, and what they look at in a
 * browser. npm takes packages from its cache where it has them, as for everybody who installed anything before.
 */
export async function benchNewPlugin(product: Product): Promise<void> {
  const dir = await mkdtemp(path.join(tmpdir(), 'dcesop-bench-new-'))
  const tarball = await packedSdk()
  await copyFile(tarball, path.join(dir, path.basename(tarball)))
  const page = await signedInPage(product)
  const processes: ChildProcess[] = []
  let total = 0
  async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now()
    const result = await work()
    const seconds = (performance.now() - start) / 1000
    total += seconds
    report({ name: `new plugin: ${name}`, value: seconds, unit: 's' })
    return result
  }
  /** Starts what is typed; `printed` is everything that it said so far. */
  function type(command: string): { ended: Promise<void>; printed(): string } {
    const child = spawn(command, { cwd: dir, shell: true, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    processes.push(child)
    let out = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk.toString()))
    const ended = new Promise<void>((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', (code) => (code ? reject(new Error(`${command} ended with ${code}:\n${out}`)) : resolve()))
    })
    return { ended, printed: () => out }
  }
  try {
    const install = `npm install --prefer-offline --no-audit --no-fund ./${path.basename(tarball)}`
    await step('npm install of the packed SDK', () => type(install).ended)
    await step('dcesop new', () => type('npx dcesop new radio').ended)
    const code = await step('dcesop dev, until it asks for its code', async () => {
      const dev = type(`npx dcesop dev radio --host ${product.url}`)
      return Promise.race([dev.ended.then(() => undefined), codeIn(dev.printed)])
    })
    if (code === undefined) throw new Error('dcesop dev ended by itself.')
    await step('code typed, until the page is seen', () => seePage(page, product, code))
    report({ name: 'new plugin: empty folder to page in a running shell', value: total, unit: 's' })
    report({ name: 'new plugin: load of the machine, last minute', value: loadavg()[0] ?? 0, unit: 'processes' })
  } finally {
    await page.context().browser()?.close()
    for (const { pid, exitCode } of processes) if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGTERM')
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function codeIn(printed: () => string): Promise<string> {
  for (;;) {
    const code = /type ([A-Z0-9]{4}-[A-Z0-9]{4})/.exec(printed())?.[1]
    if (code !== undefined) return code
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Somebody who may develop, signed in before: the author’s own work begins at the empty folder. */
async function signedInPage({ url }: Product): Promise<Page> {
  const executablePath = installedBrowser()
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  const context = await browser.newContext({ locale: 'en' })
  const account = accountOf('system-admin', 'co')
  const { username, password } = account
  const answer = await context.request.post(`${url}/api/auth/login`, {
    data: { username, password, totp: totpOf(account) },
  })
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()}`)
  return context.newPage()
}

async function seePage(page: Page, { url }: Product, code: string): Promise<void> {
  await page.goto(`${url}/dev`)
  await page.locator('main input').fill(code)
  await page.keyboard.press('Enter')
  await page.locator('#navigation a[href="/radio"]').click({ timeout: 300_000 })
  await page.getByRole('heading', { level: 1, name: 'Radio' }).waitFor({ timeout: 300_000 })
  await page.getByText('35 Mb').waitFor({ timeout: 300_000 })
}
