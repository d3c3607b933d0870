import { expect, test } from '@playwright/test'
import { accessibilityProblems } from '../support/axe.ts'
import { openConsole, url } from '../support/console.ts'
import { storyOf } from '../support/stories.ts'
import { textsOf } from '../support/texts.ts'

test('a regional manager sees who fills a screen, hides a panel for the region, and shows it again', async ({
  page,
}) => {
  const shell = textsOf('shell', 'en')
  await openConsole(page, 'regional-manager', 'co', 'en')
  await page.goto(`${url()}/customers/co/${storyOf('degraded-fibre-power', 'co').customerId}`)
  const panel = page.locator('[data-panel=health]')
  await expect(panel).toBeVisible()

  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
  await page.keyboard.type(shell('shell.inspector.command'))
  await page.keyboard.press('Enter')
  const inspector = page.getByRole('complementary', { name: shell('shell.inspector.title') })
  await expect(inspector.getByRole('heading', { level: 2 })).toBeFocused()
  const point = inspector.locator('section', { has: page.getByText('customer360.panel/v1') })
  const rows = point.getByRole('listitem')
  await expect(rows.first()).toContainText(/\d+ ms/)
  // What its scripts and styles weigh; and the page hands over what its point promises.
  await expect(rows.first()).toContainText(/[1-9]\d* KiB entry, [1-9]\d* KiB in all/)
  await expect(inspector.locator('.sh-inspector__problem')).toHaveCount(0)
  await expect(page.locator('[data-inspected="customer360.panel/v1"]')).toBeVisible()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.screenshot({ path: 'test-results/screens/inspector.png' })

  await page.locator('[data-extension="diagnostics/health"]').waitFor()
  await point
    .getByRole('button', { name: /^Hide / })
    .first()
    .press('Enter')
  await expect(panel).toHaveCount(0)
  await point.getByRole('button', { name: shell('shell.inspector.show') }).press('Enter')
  await expect(panel).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(inspector).toHaveCount(0)
  await expect(page.locator('[data-inspected]')).toHaveCount(0)
})
