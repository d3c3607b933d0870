import { expect, type Page, test } from '@playwright/test'
import { goToCustomers, openConsole, url } from '../support/console.ts'
import { storyOf } from '../support/stories.ts'
import { textsOf } from '../support/texts.ts'

const shell = textsOf('shell', 'en')
const customers = textsOf('customers', 'en')
const story = storyOf('degraded-fibre-power', 'co')
const field = (page: Page) => page.getByRole('combobox', { name: customers('search.label') })
const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })

test('focus moves to the page once for each navigation, by whatever way one came', async ({ page }) => {
  await openConsole(page, 'agent', 'co', 'en')
  await watchFocus(page)

  for (const visit of ['first', 'again']) {
    await test.step(`by shortcut, ${visit}`, async () => {
      await goToCustomers(page)
      await expect(field(page)).toBeFocused()
      expect(await moves(page)).toEqual(['INPUT'])
      // Letters are shortcuts only outside of fields.
      await page.evaluate(() => (document.activeElement as HTMLElement).blur())
      await moves(page)
      await keys(page, 'g', 'd')
      await expect(title(page, shell('shell.dashboard.title'))).toBeFocused()
      expect(await moves(page)).toEqual(['H1'])
    })
  }

  await test.step('from the palette, opened with its button', async () => {
    await page.locator('.sh-top__palette').press('Enter')
    const input = page.getByRole('dialog').getByRole('combobox')
    await expect(input).toBeFocused()
    await page.keyboard.type(story.phone)
    await expect(page.getByRole('option').first()).toContainText(story.phone)
    await page.keyboard.press('Enter')
    await expect(field(page)).toBeFocused()
    await expect(field(page)).toHaveValue(story.phone)
    await expect(page.getByRole('option').filter({ hasText: story.familyNames })).toBeVisible()
    // What was typed may name a person: it stays in no address.
    await expect(page).toHaveURL(`${url()}/customers`)
  })

  await test.step('to a customer, whose keys work at once', async () => {
    await page.keyboard.press('Enter')
    const name = `${story.givenNames} ${story.familyNames}`
    await expect(title(page, name)).toBeVisible()
    // Whoever does not see the page hears whose it is.
    await expect(page.getByRole('group', { name })).toBeFocused()
    await expect(page.locator('body > [role=status]')).toContainText(name)
    await page.keyboard.press('n')
    await expect(page.getByLabel(customers('note.label'))).toBeFocused()
  })

  await test.step('with the drawer of a narrow screen', async () => {
    await page.setViewportSize({ width: 360, height: 800 })
    await page.locator('.sh-top__menu').click()
    await page.getByRole('link', { name: shell('shell.dashboard.title') }).click()
    await expect(title(page, shell('shell.dashboard.title'))).toBeFocused()
    await expect(page.locator('.sh-frame')).not.toHaveAttribute('data-drawer')
  })

  await test.step('back and forward', async () => {
    await page.goBack()
    await expect(page.locator('.customer')).toBeFocused()
    await page.goForward()
    await expect(title(page, shell('shell.dashboard.title'))).toBeFocused()
  })
})

test('a reload gives the search field its focus, and the dashboard takes none', async ({ page }) => {
  await openConsole(page, 'agent', 'co', 'en')
  await page.goto(`${url()}/customers`)
  await expect(field(page)).toBeFocused()
  await page.goto(url())
  await expect(title(page, shell('shell.dashboard.title'))).toBeVisible()
  await expect(page.locator('body')).toBeFocused()
})

test('a person who went on with Tab while a page loads keeps the focus', async ({ page }) => {
  await openConsole(page, 'agent', 'co', 'en')
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route(/\/ui\/customers\//, async (route) => {
    await held
    await route.continue()
  })
  await page.locator('#navigation a[href="/"]').focus()
  await goToCustomers(page)
  await expect(page).toHaveURL(`${url()}/customers`)
  await page.keyboard.press('Tab')
  release()
  await expect(field(page)).toBeVisible()
  await expect(page.locator('#navigation a[href="/customers"]')).toBeFocused()
})

async function keys(page: Page, ...pressed: string[]): Promise<void> {
  for (const key of pressed) await page.keyboard.press(key)
}

/** Notes every element that gets the focus. */
async function watchFocus(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { focusMoves: seen })
    document.addEventListener('focusin', ({ target }) => seen.push((target as Element).tagName))
  })
}

/** The moves since the last question. */
async function moves(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { focusMoves: string[] }).focusMoves.splice(0))
}
