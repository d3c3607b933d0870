import { expect, type Page, test } from '@playwright/test'
import { openConsole, url } from '../support/console.ts'
import { storyOf, type Story } from '../support/stories.ts'
import { textsOf } from '../support/texts.ts'

const customers = textsOf('customers', 'en')
const note = (page: Page) => page.getByRole('textbox', { name: customers('note.label') })
const written = 'Calls again at nine: María.'

test('a note that is being written is there after a reload and another customer, for its writer only', async ({
  page,
}) => {
  const [story, other] = [storyOf('healthy', 'co'), storyOf('heavy-user', 'co')]
  await openConsole(page, 'agent', 'co', 'en')
  await visit(page, story)
  await page.keyboard.press('n')
  await expect(note(page)).toBeFocused()
  await page.keyboard.insertText(written)
  await expect.poll(() => kept(page)).toHaveLength(1)
  expect((await kept(page)).join()).not.toContain('nine')

  await visit(page, other)
  await expect(note(page)).toHaveCount(0)
  await visit(page, story)
  await expect(note(page)).toHaveValue(written)
  await expect(page.getByText(customers('note.restored')).first()).toBeVisible()
  await expect(page.locator('[data-autofocus]')).toBeFocused()

  await page.getByRole('button', { name: customers('note.cancel') }).press('Enter')
  await expect.poll(() => kept(page)).toEqual([])
  await visit(page, story)
  await expect(note(page)).toHaveCount(0)
})

async function visit(page: Page, { region, customerId, familyNames }: Story): Promise<void> {
  await page.goto(`${url()}/customers/${region}/${customerId}`)
  await expect(page.getByRole('heading', { level: 1 })).toContainText(familyNames)
  await expect(page.locator('[data-autofocus]')).toBeFocused()
}

/** What the tab's storage says of notes. */
async function kept(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    Object.entries(sessionStorage).flatMap(([name, value]) => (name.includes('.note.') ? [String(value)] : [])),
  )
}
