import { expect, type Page, test } from '@playwright/test'
import { openConsole } from '../support/console.ts'
import { textsOf } from '../support/texts.ts'

const shell = textsOf('shell', 'en')

test('a person arranges the dashboard by keyboard, and it is there at the next visit', async ({ page }) => {
  await openConsole(page, 'service-delivery', 'co', 'en')
  await page.getByRole('button', { name: shell('shell.dashboard.edit') }).press('Enter')
  const first = page.getByRole('button', { name: /^Move or resize / }).first()
  const title = (await first.getAttribute('aria-label')) ?? (await first.innerText())
  const before = await placeOf(page, title)
  await first.focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  const after = await placeOf(page, title)
  expect(after).not.toEqual(before)
  await page.getByRole('button', { name: shell('shell.board.done') }).press('Enter')
  await expect(page.getByRole('button', { name: shell('shell.dashboard.edit') })).toBeVisible()

  await page.reload()
  await page.getByRole('button', { name: shell('shell.dashboard.edit') }).press('Enter')
  await expect.poll(() => placeOf(page, title)).toEqual(after)

  await page.getByRole('button', { name: shell('shell.board.reset') }).press('Enter')
  await expect.poll(() => placeOf(page, title)).not.toEqual(after)
  await page.getByRole('button', { name: shell('shell.board.done') }).press('Enter')
  await expect(page.getByRole('button', { name: shell('shell.dashboard.edit') })).toBeVisible()
})

test('Escape puts a widget back where it was', async ({ page }) => {
  await openConsole(page, 'service-delivery', 'mx', 'en')
  await page.getByRole('button', { name: shell('shell.dashboard.edit') }).press('Enter')
  const first = page.getByRole('button', { name: /^Move or resize / }).first()
  const title = (await first.getAttribute('aria-label')) ?? ''
  const before = await placeOf(page, title)
  await first.focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Escape')
  expect(await placeOf(page, title)).toEqual(before)
})

test('what is pressed and goes away leaves the focus where one goes on', async ({ page }) => {
  await openConsole(page, 'service-delivery', 'mx', 'en')
  const button = (id: string) => page.getByRole('button', { name: shell(id), exact: true }).first()
  const actions = page.getByRole('button', { name: /^Actions of / })
  await button('shell.dashboard.edit').press('Enter')
  await expect(button('shell.board.add')).toBeFocused()
  for (let left = await actions.count(); left > 0; left -= 1) {
    await actions.first().press('Enter')
    await page.keyboard.press('End')
    await page.keyboard.press('Enter')
    await expect(actions).toHaveCount(left - 1)
    await expect(left > 1 ? actions.first() : button('shell.board.add')).toBeFocused()
  }
  await button('shell.cancel').press('Enter')
  await expect(button('shell.dashboard.edit')).toBeFocused()
})

/** Column, row, width and height of the widget whose move button has the title, as the grid holds them. */
async function placeOf(page: Page, title: string): Promise<Record<string, string | null>> {
  const widget = page
    .locator('.grid-stack-item')
    .filter({ has: page.getByRole('button', { name: title, exact: true }) })
  const names = ['gs-x', 'gs-y', 'gs-w', 'gs-h']
  const values = await Promise.all(names.map((name) => widget.getAttribute(name)))
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]))
}

test('a widget that comes late shows so without a gap until its data is there', async ({ page }) => {
  await openConsole(page, 'service-delivery', 'co', 'en')
  const code = Promise.withResolvers<void>()
  await page.route('**/ui/diagnostics/**/remoteEntry.js', async (route) => {
    await code.promise
    await route.continue()
  })
  // Nothing answers: what the widget shows first is what it shows.
  await page.route('**/api/plugins/diagnostics/overview*', () => undefined)
  await page.reload()
  const widget = page.locator('.sh-widget', { hasText: textsOf('diagnostics', 'en')('widget.network.title') })
  await expect(widget.locator('.sh-loading .dc-skeleton')).toBeVisible()
  await page.evaluate(watchSkeletons)
  code.resolve()
  await expect(widget.locator('.dc-boundary .dc-skeleton')).toBeVisible()
  const gaps = await page.evaluate(() => (window as unknown as { gaps: boolean[] }).gaps)
  expect(gaps.length).toBeGreaterThan(0)
  expect(gaps).not.toContain(true)
})

/** In the page: whether each skeleton of a unit that comes from now on is still held back in its first frame. */
function watchSkeletons(): void {
  const gaps: boolean[] = []
  Object.assign(window, { gaps })
  const look = (skeleton: Element) =>
    requestAnimationFrame(() => gaps.push((skeleton as HTMLElement).dataset['pending'] !== undefined))
  new MutationObserver((records) => {
    const added = records.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node instanceof Element)
    for (const element of added) element.querySelectorAll('.dc-boundary .dc-skeleton').forEach(look)
  }).observe(document.body, { childList: true, subtree: true })
}
