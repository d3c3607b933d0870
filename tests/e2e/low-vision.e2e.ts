import { expect, type Page, test } from '@playwright/test'
import { settled } from '../support/axe.ts'
import { openConsole, url } from '../support/console.ts'
import { storyOf } from '../support/stories.ts'
import { textsOf } from '../support/texts.ts'

const story = storyOf('degraded-fibre-power', 'mx')
const customer = `/customers/${story.region}/${story.customerId}`

test('letters of twice the size fit a small screen', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await openConsole(page, 'agent', 'mx', 'es-MX')
  for (const [path, ready] of [
    [`/customers/mx/${storyOf('near-allowance', 'mx').customerId}`, '[data-panel=usage] .dc-meter'],
    // The second that is open: a row of tabs stands above it.
    [customer, '[data-panel=health] .dc-tile'],
    ['/customers', '.recent__link'],
    ['/network', 'table'],
    ['/', '.recent__link'],
    ['/gallery', '.dc-chart__plot svg'],
  ] as const) {
    await page.goto(url() + path)
    await expect(page.locator(ready).first()).toBeVisible()
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
    // Also inside of widgets: a table may be wider than they are, text may not.
    await expect.poll(() => page.evaluate(scrollers), { message: path }).toEqual([])
    expect(await page.evaluate(unseen), path).toEqual([])
    expect(await page.evaluate(slivers), path).toEqual([])
  }
  const preferences = page.locator('.dc-popover')
  await page.getByRole('button', { name: textsOf('shell', 'es-MX')('shell.preferences') }).press('Enter')
  await expect(preferences).toBeVisible()
  expect(await page.evaluate(unseen)).toEqual([])
})

test('letters of twice the size fit a small screen of an administrator', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await openConsole(page, 'registry-admin', 'co', 'pt-BR')
  for (const path of ['/plugins', '/admin/plugins']) {
    await page.goto(url() + path)
    await expect(page.locator('table').first()).toBeVisible()
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
    await expect.poll(() => page.evaluate(scrollers), { message: path }).toEqual([])
    expect(await page.evaluate(unseen), path).toEqual([])
    expect(await page.evaluate(slivers), path).toEqual([])
  }
})

test('the search field cuts nothing off on a narrow screen', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 800 })
  await openConsole(page, 'agent', 'mx', 'es-MX')
  const how = textsOf('customers', 'es-MX')('search.by.phone')
  for (const path of ['/', '/customers']) {
    await page.goto(url() + path)
    const field = page.getByRole('combobox', { name: textsOf('customers', 'es-MX')('search.label') })
    await field.focus()
    await expect(field).not.toHaveAttribute('placeholder')
    await expect(page.getByText(how)).toBeVisible()
  }
})

test('in the system’s own colours one sees where one is and what to press', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await openConsole(page, 'agent', 'mx', 'es-MX')
  await page.goto(url() + customer)
  const links = page.locator('#navigation a')
  const diagnose = page.locator('[data-panel=health] .dc-button')
  await expect(diagnose.and(page.locator('[data-variant=primary]'))).toBeVisible()
  for (const [one, others] of [
    [links.and(page.locator('[aria-current=page]')), links.and(page.locator(':not([aria-current])'))],
    [diagnose.and(page.locator('[data-variant=primary]')), diagnose.and(page.locator('[data-variant=secondary]'))],
  ] as const)
    expect(await colours(page, one.first())).not.toEqual(await colours(page, others.first()))
})

test('on paper a customer comes without the navigation', async ({ page }) => {
  await openConsole(page, 'agent', 'mx', 'es-MX')
  await page.goto(url() + customer)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(story.familyNames)
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.locator('#navigation')).toBeHidden()
  await expect(page.locator('.sh-top')).toBeHidden()
  expect((await page.locator('main').boundingBox())?.x).toBe(0)
})

/** What scrolls sideways and is neither a table nor a row of tabs. */
function scrollers(): string[] {
  return [document.documentElement, ...document.querySelectorAll('body *')]
    .filter(
      (element) => element === document.documentElement || /auto|scroll/.test(getComputedStyle(element).overflowX),
    )
    .filter((element) => !element.matches('.dc-table-wrap, [class*=tabs]'))
    .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth)
    .map((element) => `${element.className || element.tagName}: ${element.scrollWidth} in ${element.clientWidth}`)
}

/** Words that have room for a letter a line. */
function slivers(): string[] {
  return [...document.querySelectorAll<HTMLElement>('main *')]
    .filter((element) =>
      [...element.childNodes].some((node) => node.nodeType === 3 && /\p{L}{4}/u.test(node.nodeValue ?? '')),
    )
    .filter((element) => !element.closest('.dc-hidden, svg, option') && element.checkVisibility())
    .filter((element) => {
      const { width, height } = element.getBoundingClientRect()
      const letter = Number.parseFloat(getComputedStyle(element).fontSize)
      return width > 1 && width < 2 * letter && height > 3 * letter
    })
    .map((element) => `${element.className || element.tagName}: ${element.innerText.replaceAll('\n', '')}`)
}

/** What takes the focus and is not seen then: clipped, covered or outside of the screen. */
function unseen(): string[] {
  const inside = document.querySelector('.dc-popover') ?? document
  const forwards = [...inside.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea')]
  // Down the page and up again: the bar at the top is in the way only of those who come from below.
  return [...forwards, ...forwards.toReversed()]
    .filter((element) => element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => {
      element.focus()
      if (document.activeElement !== element) return false
      const { x, y, width, height } = element.getBoundingClientRect()
      const hit = document.elementFromPoint(x + width / 2, y + height / 2)
      const label = document.querySelector(`label[for="${element.id}"]`)
      return !(hit !== null && (element.contains(hit) || label?.contains(hit)))
    })
    .map((element) => `${element.className}: ${element.ariaLabel ?? element.textContent}`)
}

async function colours(page: Page, element: ReturnType<Page['locator']>): Promise<string[]> {
  await settled(page)
  return element.evaluate((one) => {
    const { color, backgroundColor } = getComputedStyle(one)
    return [color, backgroundColor]
  })
}
