import { expect, test } from '@playwright/test'
import { openConsole } from '../support/console.ts'
import { textsOf } from '../support/texts.ts'

const shell = textsOf('shell', 'en')

test('who is asked to stay and cannot be signed out is told why', async ({ page }) => {
  const uncaught: string[] = []
  page.on('pageerror', (error) => uncaught.push(error.message))
  await openConsole(page, 'marketing-analyst', 'co', 'en')
  const answer = await page.evaluate(async () => (await (await fetch('/api/auth/session')).json()) as object)
  await page.route('**/api/auth/session', (route) => route.fulfill({ json: { ...answer, idleSecondsLeft: 100 } }))
  await page.route('**/api/auth/logout', (route) => route.abort())
  await page.reload()
  const dialog = page.getByRole('dialog', { name: shell('shell.expiry.title') })
  await expect(dialog.getByRole('button', { name: shell('shell.expiry.stay') })).toBeFocused()
  await dialog.getByRole('button', { name: shell('shell.signOut') }).press('Enter')
  const reason = textsOf('sdk', 'en')('ui.state.error.unreachable')
  await expect(page.getByText(shell('shell.signOut.failed', { reason })).first()).toBeVisible()
  expect(uncaught).toEqual([])
})
