import { type Cookie, expect, type Page } from '@playwright/test'
import { accountOf, totpOf } from './accounts.ts'
import { type Locale, textsOf } from './texts.ts'

/** The product of this worker: specs that run at the same time share no accounts and no plugins. */
export function url(): string {
  const own = process.env['DCESOP_URLS']?.split(' ')[Number(process.env['TEST_PARALLEL_INDEX'])]
  return process.env['DCESOP_URL'] ?? own ?? 'http://127.0.0.1:8080'
}

// A code works once: each sign-in of an account in these specs waits for a code that was not used before.
const lastCode = new Map<string, string>()

async function freshCode(account: ReturnType<typeof accountOf>): Promise<string> {
  for (;;) {
    const code = totpOf(account) ?? ''
    if (code !== lastCode.get(account.username)) {
      lastCode.set(account.username, code)
      return code
    }
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}

/** Signs in through the form, by keyboard only, in the given language. */
export async function signInByKeyboard(page: Page, role: string, region: string, locale: Locale): Promise<void> {
  const t = textsOf('shell', locale)
  const account = accountOf(role, region)
  await page.goto(url())
  await chooseLanguage(page, locale)
  const username = page.getByLabel(t('shell.signIn.username'), { exact: true })
  await username.focus()
  await expect(username).toBeFocused()
  await page.keyboard.type(account.username)
  await page.keyboard.press('Tab')
  await page.keyboard.type(account.password)
  await page.keyboard.press('Enter')
  if (account.totpSecret) await typeCode(page, account, t('shell.signIn.code'))
  await expect(page.getByRole('heading', { level: 1, name: t('shell.dashboard.title') })).toBeVisible()
  await keepSession(page, role, region)
}

/** Sessions that sign-ins of this run began. */
const sessions = new Map<string, Cookie[]>()

/** After a step-up, which gives the session a new name: for the next spec that opens the console as the same person. */
export async function keepSession(page: Page, role: string, region: string): Promise<void> {
  sessions.set(accountOf(role, region).username, await page.context().cookies())
}

/** Opens the console as somebody who signed in before, so that no spec waits for the next one-time code; by the form the first time. */
export async function openConsole(page: Page, role: string, region: string, locale: Locale): Promise<void> {
  const session = sessions.get(accountOf(role, region).username)
  if (!session) return signInByKeyboard(page, role, region, locale)
  await page.context().addCookies(session)
  const kept = await page.request.put(`${url()}/api/me/preferences/appearance`, { data: { value: { locale } } })
  expect(kept.status()).toBe(200)
  await page.goto(url())
  const title = textsOf('shell', locale)('shell.dashboard.title')
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
}

/** Types a code, and the next one when another spec has just used the first: each counts once. */
async function typeCode(page: Page, account: ReturnType<typeof accountOf>, label: string): Promise<void> {
  const field = page.getByLabel(label)
  for (let attempt = 0; attempt < 3; attempt += 1) {
    // A refusal empties the field and gives it the focus again.
    await expect(field).toHaveValue('')
    await expect(field).toBeFocused()
    await page.keyboard.type(await freshCode(account))
    const answer = page.waitForResponse((response) => response.url().endsWith('/api/auth/login'))
    await page.keyboard.press('Enter')
    if ((await answer).ok()) return
  }
  throw new Error(`sign-in of ${account.username} was refused with three codes`)
}

async function chooseLanguage(page: Page, locale: Locale): Promise<void> {
  const select = page.locator('.sh-signin__foot select')
  await expect(select).toBeVisible()
  await select.selectOption(locale)
  await expect(page.locator('html')).toHaveAttribute('lang', locale)
}

/** Answers the question whether it is them, by password: a code counts once, and a spec would wait for the next. */
export async function confirmItIsMe(page: Page, role: string, region: string, locale: Locale): Promise<void> {
  const t = textsOf('shell', locale)
  const dialog = page.getByRole('dialog', { name: t('shell.stepUp.title') })
  await dialog.getByRole('button', { name: t('shell.stepUp.usePassword') }).press('Enter')
  await dialog.getByLabel(t('shell.signIn.password')).fill(accountOf(role, region).password)
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
}

/** `g c`, once the plugin that brings the page is there: before, the keys mean nothing. */
export async function goToCustomers(page: Page): Promise<void> {
  await expect(page.locator('#navigation a[href="/customers"]')).toHaveCount(1)
  await page.keyboard.press('g')
  await page.keyboard.press('c')
}

/** Sets the theme as a person's preference does, and waits until it is applied. */
export async function useTheme(page: Page, theme: 'light' | 'dark' | 'contrast'): Promise<void> {
  // Held against the person's own theme, which may arrive from the server after this.
  await page.evaluate((value) => {
    const root = document.documentElement
    const hold = () => root.dataset['theme'] === value || (root.dataset['theme'] = value)
    const page = window as { holdsTheme?: MutationObserver }
    page.holdsTheme?.disconnect()
    page.holdsTheme = new MutationObserver(hold)
    page.holdsTheme.observe(root, { attributeFilter: ['data-theme'] })
    hold()
  }, theme)
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
}
