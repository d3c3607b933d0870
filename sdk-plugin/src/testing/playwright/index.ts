import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test as base } from '@playwright/test'
import { totp } from './totp.ts'

export { expect } from '@playwright/test'

/** Who signs in; the environment's `DCESOP_USER`, `DCESOP_PASSWORD` and `DCESOP_TOTP` (base32 secret) unless told. */
export interface Account {
  readonly username: string
  readonly password: string
  readonly totpSecret?: string
}

export interface Shell {
  /** Address of the host: `DCESOP_HOST`, or `http://127.0.0.1:8080`. */
  readonly url: string
  /** Signs in through the form and waits for the first page. */
  signIn(account?: Account): Promise<void>
  /** Opens a page of a plugin by its path and waits until its heading is there. */
  open(path: string): Promise<void>
  /** Claims a `dcesop dev` by its code, for this browser's session. */
  connect(code: string): Promise<void>
  /** Violations of WCAG 2.2 AA on the page as it stands, one sentence each; expect it to equal `[]`. */
  accessibilityProblems(): Promise<string[]>
}

/**
 * Playwright's `test` with a `shell` that runs already. Needs `@playwright/test` and `@axe-core/playwright` in the plugin's
 * own devDependencies.
 *
 *     test('shows the estimate', async ({ shell, page }) => {
 *       await shell.signIn()
 *       await shell.open('/radio')
 *       await expect(page.getByText('35 Mbps')).toBeVisible()
 *       expect(await shell.accessibilityProblems()).toEqual([])
 *     })
 */
export const test = base.extend<{ shell: Shell }>({
  shell: async ({ page }, use) => {
    await use(shellOn(page, process.env['DCESOP_HOST'] ?? 'http://127.0.0.1:8080'))
  },
})

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

function shellOn(page: Page, url: string): Shell {
  return {
    url,
    async signIn(account = accountOfEnvironment()) {
      await page.goto(url)
      await field(page, 'username').fill(account.username)
      await field(page, 'current-password').fill(account.password)
      await page.keyboard.press('Enter')
      if (account.totpSecret !== undefined) await enterCode(page, account.totpSecret)
      await expect(page.locator('#navigation')).toBeVisible()
    },
    async open(path) {
      await page.goto(new URL(path, url).href)
      await expect(page.locator('main').getByRole('heading', { level: 1 })).toBeVisible()
    },
    async connect(code) {
      await page.goto(new URL('/dev', url).href)
      await page.locator('main form input').fill(code)
      const answer = page.waitForResponse((response) => response.url().endsWith('/api/dev/claims'))
      await page.keyboard.press('Enter')
      expect((await answer).status()).toBe(204)
    },
    async accessibilityProblems() {
      const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(
          ({ target, failureSummary = '' }) => `${id}: ${target.join(' ')}: ${failureSummary.replaceAll('\n', ' ')}`,
        ),
      )
    },
  }
}

/** By what the field is for, so that it is found in each language. */
function field(page: Page, purpose: string) {
  return page.locator(`input[autocomplete="${purpose}"]`)
}

/** A code counts once: when it was used a moment ago, the next one is waited for. */
async function enterCode(page: Page, secret: string): Promise<void> {
  const input = field(page, 'one-time-code')
  for (let used = ''; ;) {
    await expect.poll(() => totp(secret, Date.now()), { timeout: 40_000 }).not.toBe(used)
    used = totp(secret, Date.now())
    await input.fill(used)
    const answer = page.waitForResponse((response) => response.url().endsWith('/api/auth/login'))
    await page.keyboard.press('Enter')
    const status = (await answer).status()
    if (status === 200) return
    expect(status).toBe(401)
    await expect(input).toHaveValue('')
  }
}

function accountOfEnvironment(): Account {
  const { DCESOP_USER: username, DCESOP_PASSWORD: password, DCESOP_TOTP: totpSecret } = process.env
  if (username === undefined || password === undefined)
    throw new Error('Say who signs in: set DCESOP_USER, DCESOP_PASSWORD and, for a second factor, DCESOP_TOTP.')
  return { username, password, ...(totpSecret === undefined ? {} : { totpSecret }) }
}
