import { expect, test } from '@playwright/test'
import { accountOf, totpOf } from '../support/accounts.ts'
import { signIn } from '../support/client.ts'
import { openConsole, url } from '../support/console.ts'
import { textsOf } from '../support/texts.ts'

const shell = textsOf('shell', 'en')

test('who is asked to stay and cannot be signed out is told why', async ({ page }) => {
  const uncaught: string[] = []
  page.on('pageerror', (error) => uncaught.push(error.message))
  await openConsole(page, 'marketing-analyst', 'co', 'en')
  const answer = await page.evaluate(async () => (await (await fetch('/api/auth/session')).json()) as object)
  await page.route('**/api/auth/session', (route) => route.fulfill({ json: { ...answer, idleSecondsLeft: 100 } }))
  await page.route('**/api/auth/logout', (route) => route.abort())
  await page.reload()
  const dialog = page.getByRole('dialog', { name: shell('shell.expiry.title') })
  await expect(dialog.getByRole('button', { name: shell('shell.expiry.stay') })).toBeFocused()
  await dialog.getByRole('button', { name: shell('shell.signOut') }).press('Enter')
  const reason = textsOf('sdk', 'en')('ui.state.error.unreachable')
  await expect(page.getByText(shell('shell.signOut.failed', { reason })).first()).toBeVisible()
  expect(uncaught).toEqual([])
})

test('a request with the token from before a renewal does not end the session', async ({ page, context }) => {
  const person = { role: 'marketing-analyst', region: 'mx' }
  await openConsole(page, person.role, person.region, 'en')
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const { password } = accountOf(person.role, person.region)
  const other = await context.newPage()
  await other.goto(url())
  const proven = await other.evaluate(async (proof) => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ operation: 'account.password.reset', parameters: {}, password: proof })
    return (await fetch('/api/auth/step-up', { method: 'POST', headers, body })).status
  }, password)
  expect(proven).toBe(200)
  const statuses: number[] = []
  await page.route('**/api/auth/activity', async (route) => {
    const headers = { ...(await route.request().allHeaders()), ...(statuses.length === 0 ? { cookie } : {}) }
    const response = await route.fetch({ headers })
    statuses.push(response.status())
    await route.fulfill({ response })
  })
  await page.clock.install()
  await page.clock.fastForward(90_000)
  await page.keyboard.press('Shift')
  await expect.poll(() => statuses).toEqual([401, 200])
  await expect(page.getByRole('heading', { level: 1, name: shell('shell.dashboard.title') })).toBeVisible()
})

test('who was given a password for one sign-in chooses their own before they get in', async ({ page }) => {
  const person = accountOf('executive', 'co')
  const manager = accountOf('regional-manager', 'co')
  const admin = await signIn(url(), manager.role, manager.region)
  const { username } = person
  const operation = { operation: 'account.password.reset', parameters: { username } }
  const { password } = manager
  expect(await admin.request('POST', '/api/auth/step-up', { ...operation, password })).toMatchObject({ status: 200 })
  const given = await admin.request<{ password: string }>('POST', '/api/admin/accounts/password-reset', { username })
  expect(given.status).toBe(200)

  await page.goto(url())
  await page.locator('.sh-signin__foot select').selectOption('en')
  await page.getByLabel(shell('shell.signIn.username'), { exact: true }).fill(username)
  await page.getByLabel(shell('shell.signIn.password'), { exact: true }).fill(given.body.password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: shell('shell.signIn.ownTitle') })).toBeVisible()
  const own = page.getByLabel(shell('shell.signIn.own'), { exact: true })
  await expect(own).toBeFocused()
  await own.fill(`${username} dcesop`)
  await page.keyboard.press('Enter')
  await expect(page.getByText(textsOf('sdk', 'en')('ui.problem.password_refused'))).toBeVisible()
  await expect(own).toHaveValue('')
  await own.fill('the heron stood in the reeds')
  await page.keyboard.press('Enter')
  await page.getByLabel(shell('shell.signIn.code')).fill(totpOf(person) ?? '')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: shell('shell.dashboard.title') })).toBeVisible()

  await page.locator('.sh-user').click()
  await page.getByRole('menuitem', { name: shell('shell.password.title') }).press('Enter')
  const dialog = page.getByRole('dialog', { name: shell('shell.password.title') })
  const current = dialog.getByLabel(shell('shell.password.current'))
  await expect(current).toBeFocused()
  await current.fill('not it')
  await dialog.getByLabel(shell('shell.signIn.own')).fill('a good sentence of my own')
  await page.keyboard.press('Enter')
  await expect(dialog.getByText(shell('shell.password.wrong'))).toBeVisible()
  await current.fill('the heron stood in the reeds')
  await page.keyboard.press('Enter')
  await expect(page.getByText(shell('shell.password.done')).first()).toBeVisible()
  await expect(dialog).toBeHidden()
})
