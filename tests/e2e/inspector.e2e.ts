import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { changePlugin, uploadPackage } from '../support/admin.ts'
import { accessibilityProblems } from '../support/axe.ts'
import { signIn } from '../support/client.ts'
import { openConsole, url } from '../support/console.ts'
import { packVersion } from '../support/packages.ts'
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

test('a regional manager gives an extension without a place one, and takes it away again', async ({ page }) => {
  const shell = textsOf('shell', 'en')
  const admin = { role: 'registry-admin', region: 'mx' }
  const registry = await signIn(url(), admin.role, admin.region)
  const version = `1.0.${Math.floor(Date.now() / 1000)}`
  // The next release was written for a point that the customer's page does not offer yet.
  const next = await packVersion('plugins/diagnostics', version, async (dir) => {
    const file = path.join(dir, 'dcesop.plugin.json')
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest
    const extensions = manifest.ui.extensions.map((one) =>
      one.id === 'health' ? { ...one, point: 'customer360.panel/v2' } : one,
    )
    await writeFile(file, JSON.stringify({ ...manifest, ui: { ...manifest.ui, extensions } }))
  })
  expect(await uploadPackage(registry, next)).toMatchObject({ status: 201 })
  expect(await changePlugin(registry, admin, 'diagnostics', 'upgrade', { version })).toMatchObject({ status: 200 })

  await openConsole(page, 'regional-manager', 'co', 'en')
  await page.goto(`${url()}/customers/co/${storyOf('degraded-fibre-power', 'co').customerId}`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const panel = page.locator('[data-panel=health]')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
  await page.keyboard.type(shell('shell.inspector.command'))
  await page.keyboard.press('Enter')
  const inspector = page.getByRole('complementary', { name: shell('shell.inspector.title') })
  const homeless = inspector.locator('[data-unplaced]')
  await expect(homeless).toContainText('customer360.panel/v2')
  await expect(panel).toHaveCount(0)

  const button = homeless.getByRole('button', { name: /^Place / })
  await button.press('Enter')
  const menu = page.getByRole('menu')
  await expect(menu).toBeVisible()
  expect(await accessibilityProblems(page)).toEqual([])
  await page.screenshot({ path: 'test-results/screens/inspector-place.png' })
  // The menu closes, and what it belongs to stays.
  await page.keyboard.press('Escape')
  await expect(menu).toHaveCount(0)
  await expect(button).toBeFocused()
  await button.press('Enter')
  const place = shell('shell.inspector.place.in', { point: 'customer360.panel/v1' })
  await page.getByRole('menuitem', { name: place }).press('Enter')
  await expect(panel).toBeVisible()
  await expect(homeless).toHaveCount(0)
  expect(await inspector.evaluate((element) => element.contains(document.activeElement))).toBe(true)

  await inspector.getByRole('button', { name: /^Take .* away from customer360\.panel\/v1$/ }).press('Enter')
  await expect(panel).toHaveCount(0)
  await expect(homeless).toContainText('customer360.panel/v2')
  expect(await changePlugin(registry, admin, 'diagnostics', 'rollback')).toMatchObject({ status: 200 })
})

interface Manifest {
  readonly ui: { readonly extensions: readonly { readonly id: string; readonly point: string }[] }
}
