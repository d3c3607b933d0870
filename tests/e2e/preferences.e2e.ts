import { expect, type Page, test } from '@playwright/test'
import { openConsole, url } from '../support/console.ts'
import { textsOf } from '../support/texts.ts'

const shell = textsOf('shell', 'en')

test('single-key shortcuts stay off at the next visit and in another browser', async ({ page, browser }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await openConsole(page, 'service-delivery', 'mx', 'en')
  const help = (of: typeof page) => of.getByRole('dialog', { name: shell('shell.shortcuts.title') })
  await page.keyboard.press('?')
  await expect(help(page)).toBeVisible()
  const stored = isStored(page, false)
  await page.getByRole('switch', { name: shell('shell.shortcuts.letters') }).press('Space')
  await stored
  await page.reload()
  await expect(page.getByRole('heading', { level: 1, name: shell('shell.dashboard.title') })).toBeVisible()
  await page.keyboard.press('?')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: shell('shell.palette.title') })).toBeVisible()
  await expect(help(page)).toHaveCount(0)
  // The key of the feed stands in the page.
  expect(asked).toContain('/api/ui/feed')
  expect(asked).not.toContain('/api/ui/feed-key')

  // Another browser knows nothing but who they are.
  const other = await browser.newContext()
  await other.addCookies(await page.context().cookies())
  const elsewhere = await other.newPage()
  await elsewhere.goto(url())
  await elsewhere.getByRole('button', { name: shell('shell.preferences') }).press('Enter')
  const letters = elsewhere.getByRole('switch', { name: shell('shell.shortcuts.letters') })
  await expect(letters).not.toBeChecked()
  const restored = isStored(elsewhere, true)
  await letters.press('Space')
  await expect(letters).toBeChecked()
  await restored
})

test('larger text and no motion are there before a page is painted', async ({ page }) => {
  await openConsole(page, 'service-delivery', 'mx', 'en')
  const html = page.locator('html')
  const size = page.getByLabel(shell('shell.textSize'))
  const still = page.getByRole('switch', { name: shell('shell.motion.none') })
  await page.getByRole('button', { name: shell('shell.preferences') }).press('Enter')
  await size.selectOption('150')
  await still.press('Space')
  // Nothing but what the browser keeps: the host cannot be asked.
  await page.route('**/api/**', (route) => route.abort())
  await page.reload()
  await expect(html).toHaveCSS('font-size', '24px')
  await expect(html).toHaveAttribute('data-motion', 'none')

  await page.unroute('**/api/**')
  await page.reload()
  await page.getByRole('button', { name: shell('shell.preferences') }).press('Enter')
  await size.selectOption('100')
  await still.press('Space')
  await expect(html).toHaveCSS('font-size', '16px')
})

/** Resolves when the host keeps whether single letters are shortcuts. */
async function isStored(page: Page, letters: boolean): Promise<void> {
  await page.waitForResponse((response) => {
    if (response.request().method() !== 'PUT' || !response.url().endsWith('/api/me/preferences/appearance'))
      return false
    const body = response.request().postDataJSON() as { value: { letters: boolean } }
    return response.ok() && body.value.letters === letters
  })
}
