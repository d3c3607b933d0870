import { expect, test } from '@playwright/test'
import { signIn } from '../support/client.ts'
import { openConsole, url } from '../support/console.ts'
import { storyOf } from '../support/stories.ts'
import { textsOf } from '../support/texts.ts'

const story = storyOf('degraded-fibre-power', 'co')
const path = `${url()}/customers/${story.region}/${story.customerId}`
const remote = /\/ui\/diagnostics\/.*remoteEntry/
const retry = { name: textsOf('sdk', 'en')('ui.retry') }

test('a part that failed is tried again by itself, and the focus stays with it', async ({ page }) => {
  await openConsole(page, 'agent', 'co', 'en')
  await page.route(/\/timeline$/, (route) => route.abort(), { times: 1 })
  await page.goto(path)
  await expect(page.locator('[data-panel=health] .dc-tile').first()).toBeVisible()
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  const part = page.locator('.customer__timeline')
  await part.getByRole('button', retry).press('Enter')
  await expect(part.locator('.dc-timeline__item').first()).toBeVisible()
  await expect(part.locator('.dc-boundary')).toBeFocused()
  expect(asked.filter((one) => one.endsWith(story.customerId))).toEqual([])
})

test('a panel that could not be loaded is tried again in its place, and the focus stays there', async ({ page }) => {
  await openConsole(page, 'agent', 'co', 'en')
  await page.route(remote, (route) => route.abort())
  await page.goto(path)
  await expect(page.locator('.dc-timeline__item').first()).toBeVisible()
  const cards = page.locator('.customer__panels .sh-fallback')
  await expect(cards.first()).toContainText('diagnostics 1.')
  const before = await cards.count()
  await page.unroute(remote)
  await cards.first().getByRole('button').press('Enter')
  await expect(page.locator('[data-panel=health] .dc-tile').first()).toBeVisible()
  await expect(cards).toHaveCount(before - 1)
  await expect(page.locator(':focus').locator('[data-panel=health]')).toHaveCount(1)
})

test('what came while the connection was lost is offered without a reload, and only the loss is announced', async ({
  page,
  context,
}) => {
  const shell = textsOf('shell', 'en')
  const colleague = await signIn(url(), 'service-delivery', 'mx')
  await openConsole(page, 'agent', 'mx', 'en')
  const { region, customerId } = storyOf('healthy', 'mx')
  await page.goto(`${url()}/customers/${region}/${customerId}`)
  const said = page.locator('body > [role=status]')
  const chip = page.locator('.sh-chip')
  await expect(chip).toHaveAttribute('data-state', 'connected')
  await expect(page.locator('.customer__timeline [data-live]')).toBeVisible()
  await expect(said).not.toContainText(shell('shell.connection.connected'))
  await context.setOffline(true)
  await expect(chip).toHaveAttribute('data-state', 'offline')
  await expect(said).toContainText(shell('shell.connection.offline'))
  const note = { text: `Written meanwhile at ${new Date().toISOString()}` }
  const kept = await colleague.request('POST', `/api/plugins/customers/customers/${region}/${customerId}/notes`, note)
  expect(kept.status).toBe(201)
  await context.setOffline(false)
  await expect(chip).toHaveAttribute('data-state', 'connected')
  await page.locator('.dc-timeline__newer').press('Enter')
  await expect(page.locator('.dc-timeline__item').first()).toContainText(note.text)
})

test('a customer that does not exist is told as such, on a page that has a title', async ({ page }) => {
  await openConsole(page, 'agent', 'co', 'en')
  await page.goto(`${url()}/customers/co/c_00000000000000000000`)
  await expect(page.locator('main')).toContainText(textsOf('sdk', 'en')('ui.state.missing.title'))
  const title = textsOf('customers', 'en')('page.customer.title')
  await expect(page.getByRole('heading', { level: 1, name: title })).toHaveCount(1)
  await page.getByRole('button', { name: textsOf('customers', 'en')('keys.back') }).press('Enter')
  await expect(page).toHaveURL(`${url()}/customers`)
})
