import { expect, test } from '@playwright/test'
import { changePlugin, uploadPackage } from '../support/admin.ts'
import { signIn } from '../support/client.ts'
import { openConsole, url } from '../support/console.ts'
import { packVersion } from '../support/packages.ts'
import { storyOf } from '../support/stories.ts'
import { textsOf } from '../support/texts.ts'

const admin = { role: 'registry-admin', region: 'mx' }

test('an agent keeps working while an administrator disables, upgrades and rolls back a plugin', async ({ page }) => {
  const shell = textsOf('shell', 'en')
  const nextVersion = `1.0.${Math.floor(Date.now() / 1000)}`
  const story = storyOf('degraded-fibre-power', 'co')
  await openConsole(page, 'agent', 'co', 'en')
  await page.goto(`${url()}/customers/co/${story.customerId}`)
  const panel = page.locator('[data-panel=health]')
  await expect(panel).toBeVisible()
  // A reload of the page would lose this mark.
  await page.evaluate(() => void Object.assign(window, { sameDocument: true }))

  const registry = await signIn(url(), admin.role, admin.region)
  const change = async (verb: 'disable' | 'enable' | 'upgrade' | 'rollback', version?: string) => {
    const answer = await changePlugin(registry, admin, 'diagnostics', verb, version ? { version } : undefined)
    expect(answer).toMatchObject({ status: 200 })
  }

  await change('disable')
  const why = page.getByText(shell('shell.card.unavailable.disabled'))
  // Of a part in the customer's head, a single line, only its title is seen.
  await expect(why.filter({ visible: true }).first()).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(story.familyNames)

  await change('enable')
  await expect(panel).toBeVisible()

  await uploadPackage(registry, await packVersion('plugins/diagnostics', nextVersion))
  await change('upgrade', nextVersion)
  const update = page.getByRole('button', { name: shell('shell.update.now') })
  await expect(update).toBeVisible()
  await update.focus()
  await page.keyboard.press('Enter')
  // The new version is loaded before it takes its place: what follows must find it there.
  await expect(update).toHaveCount(0)
  await expect(panel).toBeVisible()
  await expect
    .poll(() =>
      page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .map((entry) => entry.name)
          .join(),
      ),
    )
    .toContain(`/ui/diagnostics/${nextVersion}-`)

  await change('rollback')
  await expect(page.getByRole('button', { name: shell('shell.update.now') })).toBeVisible()
  await page.getByRole('button', { name: shell('shell.update.now') }).click()
  await expect(panel).toBeVisible()
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true)
})
