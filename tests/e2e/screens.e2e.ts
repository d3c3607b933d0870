import { expect, type Page, test } from '@playwright/test'
import { accessibilityProblems } from '../support/axe.ts'
import { openConsole, url, useTheme } from '../support/console.ts'
import { storyOf } from '../support/stories.ts'
import type { Locale } from '../support/texts.ts'

const themes = ['light', 'dark', 'contrast'] as const
const sizes = [
  { width: 1366, height: 768 },
  { width: 360, height: 800 },
] as const

/** Every screen of the console, and what shows that it is there. */
const screens: readonly { name: string; path: string; role: string; ready: string }[] = [
  { name: 'dashboard', path: '/', role: 'agent', ready: 'main table' },
  { name: 'search', path: '/customers', role: 'agent', ready: '[role=combobox]' },
  {
    name: 'customer',
    path: customerPath('degraded-fibre-power'),
    role: 'agent',
    ready: '[data-panel=health] .dc-tile',
  },
  {
    name: 'customer-suspended',
    path: customerPath('suspended-for-payment'),
    role: 'agent',
    ready: '[data-panel=health] [data-service]',
  },
  { name: 'network', path: '/network', role: 'agent', ready: 'table' },
  { name: 'gallery', path: '/gallery', role: 'agent', ready: '[data-section=metrics]' },
  { name: 'plugins', path: '/admin/plugins', role: 'registry-admin', ready: 'table' },
  { name: 'registry', path: '/plugins', role: 'registry-admin', ready: 'table' },
  { name: 'registry-plugin', path: '/plugins/diagnostics', role: 'registry-admin', ready: '[role=tabpanel] table' },
  {
    name: 'registry-settings',
    path: '/plugins/diagnostics?tab=settings',
    role: 'registry-admin',
    ready: '[data-pointer]',
  },
]
/** Every theme in one language, and every language in one theme: text changes the layout, themes change the colours. */
const visits: readonly { role: string; region: string; locale: Locale; themes: readonly (typeof themes)[number][] }[] =
  [
    { role: 'agent', region: 'co', locale: 'en', themes },
    { role: 'agent', region: 'br', locale: 'pt-BR', themes: ['light'] },
    { role: 'agent', region: 'mx', locale: 'es-MX', themes: ['dark'] },
    { role: 'registry-admin', region: 'co', locale: 'es-CO', themes },
  ]

function customerPath(story: string): string {
  return `customer:${story}`
}

test.describe.configure({ mode: 'parallel' })

for (const { role, region, locale, themes: shown } of visits) {
  test(`every screen of ${role} holds WCAG 2.2 AA in ${locale}, in ${shown.join(', ')}`, async ({ page }) => {
    // Ends what hangs; thirty audits on a busy machine take their time.
    test.setTimeout(1_800_000)
    const complaints = await watchConsole(page)
    await openConsole(page, role, region, locale)
    const problems: string[] = []
    for (const screen of screens.filter((one) => one.role === role)) {
      await page.goto(url() + resolvePath(screen.path, region))
      await expect(page.locator(screen.ready).first()).toBeVisible()
      for (const size of sizes) {
        await page.setViewportSize(size)
        // The gallery shows some for ever; on a narrow screen the dashboard's widgets are put there anew.
        if (screen.name !== 'gallery') await expect(page.locator('.dc-skeleton')).toHaveCount(0)
        for (const theme of shown) {
          await useTheme(page, theme)
          const where = `${screen.name} ${size.width} ${theme}`
          const found = await accessibilityProblems(page, theme === shown[0] ? 'all' : 'colours')
          problems.push(...found.map((problem) => `${where}: ${problem}`))
          if (await scrollsSideways(page)) problems.push(`${where}: scrolls sideways`)
          await page.screenshot({ path: `test-results/screens/${screen.name}-${locale}-${size.width}-${theme}.png` })
        }
      }
      await page.setViewportSize(sizes[0])
    }
    expect(problems).toEqual([])
    expect(complaints).toEqual([])
  })
}

test('the sign-in screen holds WCAG 2.2 AA in every theme and size', async ({ page }) => {
  const problems: string[] = []
  await page.goto(url())
  await expect(page.locator('form')).toBeVisible()
  for (const size of sizes) {
    await page.setViewportSize(size)
    for (const theme of themes) {
      await useTheme(page, theme)
      const found = await accessibilityProblems(page, theme === themes[0] ? 'all' : 'colours')
      problems.push(...found.map((problem) => `${size.width} ${theme}: ${problem}`))
      await page.screenshot({ path: `test-results/screens/sign-in-${size.width}-${theme}.png` })
    }
  }
  expect(problems).toEqual([])
})

function resolvePath(path: string, region: string): string {
  return path.startsWith('customer:')
    ? `/customers/${region}/${storyOf(path.slice('customer:'.length), region).customerId}`
    : path
}

async function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}

/** Collects what the browser complained about: blocked by the content policy, failed scripts, uncaught errors. */
async function watchConsole(page: Page): Promise<string[]> {
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('401')) complaints.push(message.text())
  })
  return complaints
}
