import { expect, type Locator, type Page, test } from '@playwright/test'
import { packFixture, route } from '../../core/src/plugins/testing/fixture-plugin.ts'
import { changePlugin, uploadPackage, withStepUp } from '../support/admin.ts'
import { accessibilityProblems } from '../support/axe.ts'
import { type Client, signIn } from '../support/client.ts'
import { confirmItIsMe, keepSession, openConsole, url } from '../support/console.ts'
import { textsOf } from '../support/texts.ts'

const t = textsOf('registry-admin', 'pt-BR')
/** Prepares, and is the other person. */
const helper = { role: 'registry-admin', region: 'br' }
const manager = { role: 'regional-manager', region: 'br' }
// A version is immutable and the database may outlive this spec: each run has a plugin of its own.
const id = `tuned-${Math.floor(Date.now() / 1000)}`
const texts = JSON.stringify({
  'demo.title': 'Demo',
  'config.alerts': 'Alertas',
  'config.alerts.after': 'Avisar depois de',
  'config.alerts.after.unit': 'min',
  'config.mode': 'Modo',
})
const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    mode: { type: 'string', default: 'rápido' },
    token: { type: 'string' },
    alerts: {
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: { after: { type: 'integer', minimum: 1, maximum: 120, default: 15 } },
    },
  },
}

test('a regional administrator changes what holds in her region, and sees what others change meanwhile', async ({
  page,
}) => {
  const admin = await signIn(url(), helper.role, helper.region)
  const routes = [route('GET', '/alerts/{region}', { permission: 'platform.plugins:read' })]
  const manifest = { config: { schema, secrets: ['/token'], scopes: ['global', 'region'] }, titleKey: 'demo.title' }
  const start = `context.route({ method: 'GET', path: '/alerts/{region}', summary: 'x', handler: ({ params }) => context.configOf(params.region) })`
  const locales = Object.fromEntries(['es', 'pt-BR', 'en'].map((locale) => [`locales/${locale}.json`, texts]))
  const packed = await packFixture({ id, routes, start, files: locales, manifest: manifest as never })
  expect(await uploadPackage(admin, packed)).toMatchObject({ status: 201 })
  expect(await changePlugin(admin, helper, id, 'install', { version: '1.0.0' })).toMatchObject({ status: 200 })

  await openConsole(page, manager.role, manager.region, 'pt-BR')
  await page.goto(`${url()}/plugins/${id}`)
  const tab = page.getByRole('tab', { name: t('tab.settings') })
  await tab.press('Enter')
  const after = page.getByLabel('Avisar depois de (min)')
  const check = page.getByRole('button', { name: t('config.check') })

  await test.step('the tab of a link is in sight on a phone, too', async () => {
    await page.setViewportSize({ width: 360, height: 800 })
    await page.goto(`${url()}/plugins/${id}?tab=settings`)
    await expect(tab).toBeInViewport({ ratio: 1 })
    await page.setViewportSize({ width: 1366, height: 768 })
  })

  await test.step('she begins in her region, and may only read what holds everywhere', async () => {
    await expect(page.getByLabel(t('region.br'))).toBeChecked()
    await expect(page.getByText(t('config.secret'))).toBeVisible()
    await page.getByLabel(t('config.origin.everywhere'), { exact: true }).check()
    await expect(page.getByText(t('config.readOnly.everywhere'))).toBeVisible()
    await expect(after).toHaveCount(0)
    await page.getByLabel(t('region.br')).check()
    await expect(after).toHaveValue('15')
  })
  await test.step('the host refuses a value when it is tried, at its field', async () => {
    await after.fill('500')
    await check.press('Enter')
    await expect(after).toBeFocused()
    await expect(setting(page, '/alerts/after')).toContainText(t('config.wrong.maximum', { limit: '120' }))
    expect(await accessibilityProblems(page, 'all')).toEqual([])
  })
  await test.step('what she has not applied yet stays while she looks at something else, and over a reload', async () => {
    await after.fill('30')
    await page.getByRole('tab', { name: t('tab.history') }).click()
    page.once('dialog', (dialog) => void dialog.accept())
    await page.goto(`${url()}/plugins/${id}?tab=settings`)
    await expect(page.getByText(t('config.restored'))).toBeVisible()
    await expect(after).toHaveValue('30')
  })
  await test.step('somebody else changes the same setting: both values are shown, and neither is lost', async () => {
    const body = { region: 'br', value: { alerts: { after: 60 } }, revision: 0 }
    expect(await configure(admin, body)).toBe(200)
    await check.press('Enter')
    const notice = page.getByRole('region', { name: t('config.outdated') })
    await expect(notice).toContainText('60')
    await expect(notice).toContainText('30')
    await expect(check).toHaveAttribute('aria-disabled', 'true')
    await page.getByRole('button', { name: t('config.outdated.keep') }).press('Enter')
  })
  await test.step('she sees the difference, and applies it with her password', async () => {
    await check.press('Enter')
    const review = page.getByRole('dialog')
    await expect(review.getByRole('row', { name: 'Avisar depois de' })).toContainText(/60.min.*30.min/)
    expect(await accessibilityProblems(page, 'all')).toEqual([])
    await review.getByRole('button', { name: t('config.apply') }).press('Enter')
    await confirm(page)
    await expect(review).toBeHidden()
    await expect(check).toBeFocused()
    await expect(setting(page, '/alerts/after')).toContainText(t('region.br'))
  })
  await test.step('the plugin has it in her region alone, and everybody sees who changed it', async () => {
    expect(await alertsIn(page, 'br')).toBe(30)
    const elsewhere = await signIn(url(), manager.role, 'mx')
    const mexico = await elsewhere.request<{ alerts: { after: number } }>('GET', `/api/plugins/${id}/alerts/mx`)
    expect(mexico.body.alerts.after).toBe(15)
    const history = page.getByRole('table', { name: t('config.history') })
    await expect(history.getByRole('row')).toHaveCount(3)
    // By name, as they are colleagues.
    await expect(history.getByTitle(/^a_/).first()).not.toHaveText(/^a_/)
    await history.getByRole('button').first().press('Enter')
    await expect(page.getByRole('dialog').getByRole('row', { name: 'Avisar depois de' })).toContainText(
      /60.min.*30.min/,
    )
    await page.keyboard.press('Escape')
  })
  await test.step('she takes it back, and what holds everywhere holds again', async () => {
    await page.getByRole('button', { name: t('config.unset.of', { setting: 'Avisar depois de' }) }).press('Enter')
    await expect(after).toHaveValue('15')
    await page.getByRole('button', { name: t('config.undo.of', { setting: 'Avisar depois de' }) }).press('Enter')
    await expect(after).toHaveValue('30')
    await expect(check).toHaveAttribute('aria-disabled', 'true')
  })
  expect(await changePlugin(admin, helper, id, 'disable')).toMatchObject({ status: 200 })
})

test('a regional administrator gives a plugin what it asks for, and installs it in her region', async ({ page }) => {
  const asking = `asking-${id.split('-')[1]}`
  const admin = await signIn(url(), helper.role, helper.region)
  const needs = {
    ...schema,
    required: ['gateway'],
    properties: { ...schema.properties, gateway: { type: 'string', minLength: 8 } },
  }
  const words = JSON.stringify({ ...(JSON.parse(texts) as object), 'config.gateway': 'Endereço do gateway' })
  const locales = Object.fromEntries(['es', 'pt-BR', 'en'].map((locale) => [`locales/${locale}.json`, words]))
  const upload = async (plugin: string, own: object) => {
    const config = { schema: own, secrets: ['/token'], scopes: ['global', 'region'] }
    const manifest = { config, titleKey: 'demo.title' } as never
    expect(await uploadPackage(admin, await packFixture({ id: plugin, files: locales, manifest }))).toMatchObject({
      status: 201,
    })
  }
  await upload(asking, needs)
  await upload(`${asking}-too`, { ...needs, required: ['gateway', 'token'] })

  await openConsole(page, manager.role, manager.region, 'pt-BR')
  const install = page.getByRole('dialog').getByRole('button', { name: t('change.do.install', { version: '1.0.0' }) })
  const open = page.getByRole('button', { name: t('change.do.install', { version: '1.0.0' }) }).first()
  const dialog = page.getByRole('dialog')
  const gateway = dialog.getByRole('textbox', { name: 'Endereço do gateway' })

  await test.step('what only the operator can give is told before she writes anything', async () => {
    await page.goto(`${url()}/plugins/${asking}-too`)
    await open.press('Enter')
    await expect(setting(page, '/token')).toContainText(t('config.wrong.secret.missing'))
    await expect(gateway).not.toHaveAttribute('aria-invalid')
    await page.keyboard.press('Escape')
  })
  await page.goto(`${url()}/plugins/${asking}`)
  await open.press('Enter')

  await test.step('she is asked for what it does not begin without, and for nothing else', async () => {
    await expect(gateway).toBeFocused()
    await expect(gateway).toHaveAttribute('aria-required', 'true')
    await expect(dialog).toContainText(t('install.asked', { count: 1 }))
    await expect(dialog.getByLabel('Avisar depois de (min)')).toBeHidden()
    await dialog.getByText(t('install.others', { count: 3 })).press('Enter')
    await expect(dialog.getByLabel('Avisar depois de (min)')).toHaveValue('15')
    await expect(dialog.getByText(t('config.secret'))).toBeVisible()
    await expect(setting(page, '/token').getByRole('textbox')).toHaveCount(0)
  })
  await test.step('what does not fit is told at its field before anything is asked of her', async () => {
    await gateway.fill('curto')
    await install.press('Enter')
    await expect(gateway).toBeFocused()
    await expect(gateway).toHaveAccessibleDescription(new RegExp(t('config.wrong.minLength', { limit: '8' })))
    expect(await accessibilityProblems(page, 'all')).toEqual([])
  })
  await test.step('on a phone nothing is cut off, and what she wrote is there when she comes back', async () => {
    await page.setViewportSize({ width: 360, height: 640 })
    await gateway.fill('gateway.sp.example')
    await page.keyboard.press('Escape')
    await expect(open).toBeFocused()
    await open.press('Enter')
    await expect(gateway).toHaveValue('gateway.sp.example')
    expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
    expect(await accessibilityProblems(page, 'all')).toEqual([])
    await page.setViewportSize({ width: 1366, height: 768 })
  })
  await test.step('it begins in her region with what she gave it', async () => {
    await install.press('Enter')
    await confirm(page)
    await expect(dialog).toBeHidden()
    await page.getByRole('tab', { name: t('tab.settings') }).press('Enter')
    await expect(page.getByLabel(t('region.br'))).toBeChecked()
    await expect(page.getByRole('textbox', { name: 'Endereço do gateway' })).toHaveValue('gateway.sp.example')
    await expect(page.getByRole('table', { name: t('config.history') })).toContainText('Endereço do gateway')
    const view = await admin.request<{ regions: object[] }>('GET', `/api/admin/plugins/${asking}`)
    expect(view.body.regions).toContainEqual(expect.objectContaining({ region: 'br', serving: '1.0.0' }))
  })
  expect(await changePlugin(admin, helper, asking, 'disable')).toMatchObject({ status: 200 })
})

const setting = (page: Page, pointer: string): Locator => page.locator(`[data-pointer="${pointer}"]`)

async function configure(client: Client, body: object): Promise<number> {
  const path = `/api/admin/plugins/${id}/configure`
  return (await withStepUp(client, helper, () => client.request('POST', path, body))).status
}

async function alertsIn(page: Page, region: string): Promise<number> {
  const answer = await page.request.get(`${url()}/api/plugins/${id}/alerts/${region}`)
  return ((await answer.json()) as { alerts: { after: number } }).alerts.after
}

async function confirm(page: Page): Promise<void> {
  await confirmItIsMe(page, manager.role, manager.region, 'pt-BR')
  await keepSession(page, manager.role, manager.region)
}
