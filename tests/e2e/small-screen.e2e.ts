import { expect, type Page, test } from '@playwright/test'
import { openConsole, url } from '../support/console.ts'
import { storyOf } from '../support/stories.ts'
import { textsOf } from '../support/texts.ts'

const story = storyOf('degraded-fibre-power', 'co')
const customers = textsOf('customers', 'en')
const phone = { width: 360, height: 800 }
const desk = { width: 1366, height: 768 }
const cards = (page: Page) => page.locator('.customer__grid > *')

test('on a small screen the verdict comes first, and on each screen the cards are read as they are seen', async ({
  page,
}) => {
  await page.setViewportSize(phone)
  await openConsole(page, 'agent', 'co', 'en')
  await page.goto(`${url()}/customers/${story.region}/${story.customerId}`)
  await expect(page.locator('[data-panel=health] .dc-tile').first()).toBeVisible()
  await expect(cards(page).first()).toHaveClass(/customer__panels/)
  expect(await seenOrder(page)).toEqual([0, 1, 2])

  // What stands below the history stays within reach.
  const history = page.locator('.customer__timeline')
  await expect(history.locator('.dc-timeline__item')).toHaveCount(5)
  await history.getByRole('button', { name: textsOf('sdk', 'en')('ui.timeline.more') }).press('Enter')
  await expect(history.locator('.dc-timeline__item').nth(5)).toBeVisible()
  await expect(history.locator(':focus')).toHaveCount(1)

  // Turned, docked or zoomed: the focus stays where it was.
  const diagnose = page.locator('[data-panel=health] .diagnose').first()
  await diagnose.focus()
  await page.setViewportSize(desk)
  await expect(cards(page).first()).toHaveClass(/customer__services/)
  expect(await seenOrder(page)).toEqual([0, 1, 2])
  await expect(diagnose).toBeFocused()
  const reveal = page.locator('.customer__services button').first()
  await reveal.focus()
  await page.setViewportSize(phone)
  await expect(cards(page).first()).toHaveClass(/customer__panels/)
  await expect(reveal).toBeFocused()
})

test('on a laptop’s screen the verdict, the next step and every metric of the worst service are seen at once', async ({
  page,
}) => {
  await openConsole(page, 'agent', 'co', 'en')
  await page.goto(`${url()}/customers/${story.region}/${story.customerId}`)
  const health = page.locator('[data-panel=health]')
  const tiles = health.locator('.dc-tile')
  await expect(tiles).toHaveCount(7)
  for (const part of [health.locator('.verdict strong').first(), health.locator('.next'), tiles.first(), tiles.last()])
    await expect(part).toBeInViewport({ ratio: 0.9 })
})

test('on a small screen a note is one tap away, and stays where it is when other parts come', async ({ page }) => {
  await page.setViewportSize(phone)
  let go: () => void = () => undefined
  const writing = new Promise<void>((resolve) => (go = resolve))
  await page.route('**/api/plugins/diagnostics/**', (route) => writing.then(() => route.fallback()))
  await openConsole(page, 'agent', 'co', 'en')
  await page.goto(`${url()}/customers/${story.region}/${story.customerId}`)
  await page
    .locator('.dc-page-head')
    .getByRole('button', { name: customers('note.add') })
    .click()
  const note = page.getByRole('textbox', { name: customers('note.label') })
  await expect(note).toBeFocused()
  await expect(note).toBeInViewport()
  go()
  await expect(page.locator('[data-panel=health] .dc-tile').first()).toBeVisible()
  await expect(note).toBeInViewport()
  await page.setViewportSize(desk)
  await expect(page.locator('.dc-page-head').getByRole('button', { name: customers('note.add') })).toHaveCount(0)
})

test('the open customer’s tab is in sight, also after the window got narrower', async ({ page }) => {
  await openConsole(page, 'agent', 'co', 'en')
  for (const each of ['healthy', 'packet-loss', 'cpe-reboots', 'near-allowance']) {
    await page.goto(`${url()}/customers/co/${storyOf(each, 'co').customerId}`)
    await expect(page.locator('.customer__grid')).toBeVisible()
  }
  const tab = page.locator('.customer .tabs li').last()
  await expect(tab).toHaveAttribute('data-current')
  await page.setViewportSize(phone)
  await expect(tab).toBeInViewport({ ratio: 1 })
})

test('the dashboard keeps what was typed when the window gets narrow, and offers there no moving with a mouse', async ({
  page,
}) => {
  const shell = textsOf('shell', 'en')
  await openConsole(page, 'agent', 'co', 'en')
  const search = page.getByRole('combobox', { name: customers('search.label') })
  await search.fill('ca')
  const help = page.getByText(shell('shell.board.help'))
  await page.getByRole('button', { name: shell('shell.dashboard.edit') }).press('Enter')
  await expect(help).toBeVisible()
  const places = await widgetBoxes(page)
  await page.setViewportSize(phone)
  await expect(help).toBeHidden()
  await expect(search).toHaveValue('ca')
  await search.focus()
  // In one column, each below the one before.
  const column = await widgetBoxes(page)
  expect(new Set(column.map(({ x, width }) => `${x} ${width}`)).size).toBe(1)
  for (const [at, { y }] of column.slice(1).entries())
    expect(y).toBeGreaterThanOrEqual((column[at]?.y ?? 0) + (column[at]?.height ?? 0))
  await page.setViewportSize(desk)
  await expect(help).toBeVisible()
  await expect(search).toHaveValue('ca')
  await expect(search).toBeFocused()
  await expect.poll(() => widgetBoxes(page)).toEqual(places)
})

async function widgetBoxes(page: Page): Promise<{ x: number; y: number; width: number; height: number }[]> {
  return page.locator('.sh-widget').evaluateAll((all) =>
    all.map((one) => {
      const { x, y, width, height } = one.getBoundingClientRect()
      return { x, y: y + scrollY, width, height }
    }),
  )
}

/** The cards as they stand in the page, by where they are: those further up first, then those further left. */
async function seenOrder(page: Page): Promise<number[]> {
  const boxes = await cards(page).evaluateAll((all) =>
    all.map((one, index) => ({ index, ...(({ x, y }) => ({ x, y }))(one.getBoundingClientRect()) })),
  )
  return boxes.toSorted((a, b) => a.y - b.y || a.x - b.x).map(({ index }) => index)
}
