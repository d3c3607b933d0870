import { expect, test } from '@playwright/test'
import { accessibilityProblems } from '../support/axe.ts'
import { url } from '../support/console.ts'

test('an author finds the page of an error code, and reads on from there', async ({ page }) => {
  await page.goto(`${url()}/docs/`)
  await page.getByRole('link', { name: 'begin with the tutorial' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'A plugin in an afternoon' })).toBeVisible()
  const found = page.getByRole('status')
  await page.getByLabel('Search').fill('no such thing anywhere')
  await expect(found).toHaveText('Nothing found.')
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('/')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('plugin_busy')
  await expect(found).toHaveText(/found$/)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'plugin_busy' })).toBeVisible()
  await expect(page.getByRole('navigation').getByRole('link', { name: 'plugin_busy' })).toHaveAttribute(
    'aria-current',
    'page',
  )
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the documentation holds WCAG 2.2 AA and fits a small screen, in ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    const problems: string[] = []
    for (const [name, path] of [
      ['home', ''],
      ['tutorial', 'tutorial.html'],
      ['rules', 'rules/'],
      ['architecture', 'architecture.html'],
    ] as const) {
      await page.goto(`${url()}/docs/${path}`)
      for (const width of [1366, 360]) {
        await page.setViewportSize({ width, height: 800 })
        problems.push(...(await accessibilityProblems(page)).map((problem) => `${name} ${width}: ${problem}`))
        const sideways = await page.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        )
        if (sideways) problems.push(`${name} ${width}: scrolls sideways`)
        const cut = await page.evaluate(() =>
          [...document.querySelectorAll('pre')].some((picture) => picture.scrollWidth > picture.clientWidth),
        )
        if (cut && name === 'architecture' && width === 1366) problems.push(`${name} ${width}: a picture is cut`)
        await page.screenshot({ path: `test-results/screens/docs-${name}-${width}-${colorScheme}.png` })
      }
    }
    expect(problems).toEqual([])
  })
}
