import { expect, type Page, test } from '@playwright/test'
import { openConsole, url } from '../support/console.ts'
import { storyOf, type Story } from '../support/stories.ts'
import { textsOf } from '../support/texts.ts'

const shell = textsOf('shell', 'en')
const customers = textsOf('customers', 'en')
const diagnostics = textsOf('diagnostics', 'en')
const note = (page: Page) => page.getByRole('textbox', { name: customers('note.label') })

test('what a page does by key is in the help and the palette, and Escape closes one thing at a time', async ({
  page,
}) => {
  const [first, story] = [storyOf('healthy', 'co'), storyOf('degraded-fibre-power', 'co')]
  await openConsole(page, 'agent', 'co', 'en')
  await visit(page, first)
  await visit(page, story)

  await test.step('the help lists it, and nothing behind it is started', async () => {
    const help = page.getByRole('dialog', { name: shell('shell.shortcuts.title') })
    await page.keyboard.press('?')
    const search = shell('shell.shortcuts.page', { title: customers('page.search.title') })
    for (const label of [search, customers('keys.note'), customers('keys.next'), diagnostics('ui.diagnose.start')])
      await expect(help.getByText(label, { exact: true })).toBeVisible()
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.keyboard.press('Escape')
    await expect(help).toHaveCount(0)
    await expect(page).toHaveURL(pathOf(story))
  })

  await test.step('a tooltip goes, and the page stays', async () => {
    const reveal = page.locator('.dc-masked button').first()
    await reveal.focus()
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Tab')
    await expect(page.locator('.dc-tooltip')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.locator('.dc-tooltip')).toHaveCount(0)
    await expect(reveal).toBeFocused()
    await expect(page).toHaveURL(pathOf(story))
  })

  await test.step('the palette starts a note, and what is discarded comes back', async () => {
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused()
    await page.keyboard.type(customers('keys.note'))
    await page.keyboard.press('Enter')
    await expect(note(page)).toBeFocused()
    await page.keyboard.type('Calls again')
    await page.getByRole('button', { name: customers('note.cancel') }).press('Enter')
    await expect(note(page)).toHaveCount(0)
    await page.getByRole('button', { name: customers('note.undo') }).press('Enter')
    await expect(note(page)).toHaveValue('Calls again')
    await expect(note(page)).toBeFocused()
    await page.keyboard.press('Escape')
  })

  await test.step('a key diagnoses the service where the focus is', async () => {
    const service = story.services.at(-1)?.serviceId
    await page.locator(`[data-service="${service}"] .diagnose`).focus()
    await page.keyboard.press('d')
    await expect(page.locator('[data-diagnosis]')).toBeFocused()
  })

  await test.step('keys lead from one customer to another', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('1')
    await expect(page).toHaveURL(pathOf(first))
    await expect(page.getByRole('heading', { level: 1 })).toContainText(first.familyNames)
    await page.keyboard.press('Escape')
    await expect(page).toHaveURL(`${url()}/customers`)
  })

  await test.step('the palette looks for what is typed on the page that a plugin offers for it', async () => {
    const what = customers('page.search.finds')
    await expect(page.locator('.sh-top__palette')).toContainText(shell('shell.palette.open', { what }))
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog').getByRole('combobox')
    await expect(palette).toBeFocused()
    await page.keyboard.insertText(story.phone)
    const title = customers('page.search.title')
    await expect(page.getByRole('option')).toHaveText(shell('shell.palette.find', { query: story.phone, title }))
    await page.keyboard.press('Enter')
    await expect(page.getByRole('option')).toContainText(story.familyNames)
  })
})

test('what is paused stays as it is until the person goes on', async ({ page }) => {
  const story = storyOf('degraded-fibre-power', 'co')
  await page.clock.install()
  await openConsole(page, 'agent', 'co', 'en')
  await visit(page, story)
  const panel = page.locator('[data-panel=health]')
  await panel.getByRole('button', { name: diagnostics('ui.live.pause') }).press('Enter')
  await expect(panel.locator('button[aria-pressed=true]')).toBeVisible()
  // From here on: until then the panel may well have asked.
  let asked = 0
  page.on('request', (request) => void (request.url().endsWith('/live') && (asked += 1)))
  // Twice the time after which it is asked for again.
  await page.clock.runFor(65_000)
  await expect(panel.locator('.dc-stale')).toBeVisible()
  expect(asked).toBe(0)
  await panel.locator('button[aria-pressed=true]').press('Enter')
  await page.clock.runFor(31_000)
  await expect(panel.locator('.dc-stale')).toHaveCount(0)
  expect(asked).toBeGreaterThan(0)
})

const pathOf = ({ region, customerId }: Story) => `${url()}/customers/${region}/${customerId}`

async function visit(page: Page, story: Story): Promise<void> {
  await page.goto(pathOf(story))
  await expect(page.getByRole('heading', { level: 1 })).toContainText(story.familyNames)
  await expect(page.locator('[data-panel=health] .dc-tile').first()).toBeVisible()
  await expect(page.locator('[data-autofocus]')).toBeFocused()
}
