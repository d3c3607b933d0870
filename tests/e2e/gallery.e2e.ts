import { existsSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { openConsole, url, useTheme } from '../support/console.ts'
import { drawSpecimen, matches } from '../support/text-rendering.ts'
import { type Locale, textsOf } from '../support/texts.ts'

type Theme = Parameters<typeof useTheme>[1]

/** Text changes the layout and themes the colours: every language in one theme, every theme in one language. */
const visits: readonly { locale: Locale; region: string; themes: readonly Theme[] }[] = [
  { locale: 'es-MX', region: 'mx', themes: ['light', 'dark', 'contrast'] },
  { locale: 'pt-BR', region: 'br', themes: ['light'] },
  { locale: 'en', region: 'co', themes: ['light'] },
]
const sections = ['metrics', 'controls', 'status', 'data', 'diagnosis', 'states', 'foundations', 'cards'] as const
/** Lets through what another version of the browser does to the edges of letters, and no other colour or place. */
const tolerance = { threshold: 0.15, maxDiffPixelRatio: 0.0003 }
/** As narrow for plain text: where letters come out otherwise, a section would differ for no reason of the product's. */
const sameLetters = { threshold: 0.15, maxDiffPixelRatio: 0.001 }
/** A time in the past, so that what is shown as "12 s ago" is so in every run. */
const now = new Date('2026-01-15T15:00:00Z')
const specimen = 'specimen.png'

// Tall enough for the whole gallery: nothing scrolls, so nothing sticky lies over a section.
test.use({
  viewport: { width: 1366, height: 4000 },
  deviceScaleFactor: 1,
  timezoneId: 'UTC',
  contextOptions: { reducedMotion: 'reduce' },
})

test.describe.configure({ mode: 'parallel' })

test.beforeEach(async ({ browser }, info) => {
  if (updating()) return
  test.skip(
    !existsSync(info.snapshotPath(specimen)),
    `there are no pictures of the gallery for ${process.platform}: npm run gallery:update makes them`,
  )
  test.skip(
    !matches(await drawSpecimen(browser), specimen, sameLetters),
    'this browser draws plain text otherwise than the one that made the pictures, so they say nothing about the product here',
  )
})

test('plain text is drawn as it was when the pictures were made', async ({ browser }) => {
  expect(await drawSpecimen(browser)).toMatchSnapshot(specimen, sameLetters)
})

for (const { locale, region, themes } of visits) {
  test(`the gallery looks as in its pictures, in ${locale}, in ${themes.join(', ')}`, async ({ page }) => {
    await openGallery(page, region, locale)
    for (const theme of themes) {
      await useTheme(page, theme)
      for (const section of sections)
        await expect.soft(sectionOf(page, section)).toHaveScreenshot(`${section}-${locale}-${theme}.png`, tolerance)
      await overlaysLookRight(page, locale, theme)
    }
  })
}

test('another accent, space or radius is seen', async ({ page }) => {
  test.skip(updating(), 'pictures are being made')
  await openGallery(page, 'mx', 'es-MX')
  await useTheme(page, 'light')
  const controls = sectionOf(page, 'controls')
  const asPictured = async () =>
    matches(await controls.screenshot({ animations: 'disabled' }), 'controls-es-MX-light.png', tolerance)
  for (const [token, value] of [
    ['--dc-color-accent', '#6d3fc4'],
    ['--dc-space-3', '0.875rem'],
    ['--dc-radius', '0'],
  ] as const) {
    expect(await asPictured(), `before ${token} is changed`).toBe(true)
    await page.evaluate(([key, is]) => document.documentElement.style.setProperty(key, is), [token, value] as const)
    expect(await asPictured(), `with another ${token}`).toBe(false)
    await page.evaluate((key) => document.documentElement.style.removeProperty(key), token)
  }
})

async function openGallery(page: Page, region: string, locale: Locale): Promise<void> {
  await openConsole(page, 'agent', region, locale)
  await page.clock.setFixedTime(now)
  await page.goto(`${url()}/gallery`)
  for (const section of sections) await expect(sectionOf(page, section)).toBeVisible()
  await expect(page.locator('.dc-skeleton[data-pending]')).toHaveCount(0)
  await page.evaluate(async () => {
    // The only font that is not the product's own.
    document.documentElement.style.setProperty('--dc-font-mono', 'var(--dc-font)')
    await document.fonts.ready
  })
}

async function overlaysLookRight(page: Page, locale: Locale, theme: Theme): Promise<void> {
  const text = textsOf('gallery', locale)
  const button = (id: string) => sectionOf(page, 'status').getByRole('button', { name: text(id), exact: true })
  for (const [opener, role] of [
    ['gallery.menu.open', 'menu'],
    ['gallery.dialog.open', 'dialog'],
  ] as const) {
    await button(opener).press('Enter')
    await expect.soft(page.getByRole(role)).toHaveScreenshot(`${role}-${locale}-${theme}.png`, tolerance)
    await page.keyboard.press('Escape')
    await expect(page.getByRole(role)).toHaveCount(0)
    // What is pressed next before the focus is back is pressed elsewhere.
    await expect(button(opener)).toBeFocused()
  }
}

function sectionOf(page: Page, name: (typeof sections)[number]) {
  return page.locator(`[data-section=${name}]`)
}

function updating(): boolean {
  return ['all', 'changed'].includes(test.info().config.updateSnapshots)
}
