import { expect, test } from '@playwright/test'
import { openConsole } from '../support/console.ts'
import { textsOf } from '../support/texts.ts'

const shell = textsOf('shell', 'en')
const missing = (name: string) => shell('shell.card.title', { name })

test('pages that could not be fetched say so, and are there by themselves once the connection is', async ({
  page,
  context,
}) => {
  await openConsole(page, 'registry-admin', 'co', 'en')
  const chip = page.locator('.sh-chip')
  await expect(chip).toHaveAttribute('data-state', 'connected')
  await expect(page.locator('main')).toContainText(shell('shell.board.none.title'))
  for (const [path, content] of [
    ['/gallery', '[data-section]'],
    ['/plugins', 'main table'],
  ] as const) {
    await context.setOffline(true)
    await expect(chip).toHaveAttribute('data-state', 'offline')
    await page.locator(`#navigation a[href="${path}"]`).press('Enter')
    await expect(page.locator('main')).toContainText(missing('').trim())
    await expect(page.locator('main h1')).toBeFocused()
    await context.setOffline(false)
    await expect(page.locator(content).first()).toBeVisible()
    // Whoever waited for it is in it.
    await expect(page.locator('main :focus')).toHaveCount(1)
  }
})

test('the search that could not be fetched is asked for once more', async ({ page, context }) => {
  await openConsole(page, 'agent', 'co', 'en')
  await context.setOffline(true)
  await page.keyboard.press('Control+k')
  await expect(page.locator('.dc-toasts')).toContainText(missing(shell('shell.palette.title')))
  await context.setOffline(false)
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
})
