import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { accountOf, totpOf } from '../support/accounts.ts'
import { changePlugin } from '../support/admin.ts'
import { accessibilityProblems } from '../support/axe.ts'
import { type Client, signIn } from '../support/client.ts'
import { confirmItIsMe } from '../support/console.ts'
import { Partner, type Release } from '../support/partner.ts'
import { type Product, startProduct } from '../support/product.ts'
import { type RegistryProcess, startRegistryProcess } from '../support/registry.ts'
import { textsOf } from '../support/texts.ts'

const t = textsOf('registry-admin', 'en')

/** What would run, or lead away, where a screen took it for more than a text. */
const markup = (place: string) =>
  `<img src=x onerror="window.hit='${place}'"><script>window.hit='${place}'</script></style></title>`
const link = 'javascript:window.hit=1'

/** Whatever of a package is words and reaches a screen. */
function hostile(): { manifest: Partial<PluginManifest>; files: Record<string, string> } {
  const texts = {
    'trap.title': markup('title'),
    'trap.reason': markup('reason'),
    'trap.permission': markup('permission'),
  }
  return {
    manifest: {
      conflicts: [{ plugin: 'nobody', range: '*', reason: markup('conflict') }],
      permissions: {
        requests: [
          { cap: 'http:egress', resource: 'api.acme.example', reasonKey: 'trap.reason' },
          {
            cap: 'customer:read',
            resource: markup('resource').slice(0, 200),
            fields: [markup('f').slice(0, 80)],
            purpose: markup('p').slice(0, 80),
            reasonKey: 'trap.reason',
          },
        ],
        defines: [{ id: 'trap:use', labelKey: 'trap.permission', sensitivity: 'low', defaultRoles: ['agent'] }],
      },
      config: {
        schema: {
          type: 'object',
          title: markup('schema'),
          properties: {
            [markup('name')]: { type: 'string', description: markup('setting'), default: markup('value') },
          },
        },
      },
      support: { owner: markup('owner'), contact: link, docs: link, changelog: link, licence: 'MIT' },
    } as Partial<PluginManifest>,
    files: {
      'README.md': `# ${markup('readme')}\n[here](${link})`,
      'CHANGELOG.md': `# ${markup('changelog')}\n[here](${link})`,
      ...Object.fromEntries(['es', 'pt-BR', 'en'].map((locale) => [`locales/${locale}.json`, JSON.stringify(texts)])),
    },
  }
}

/** A code of theirs counts once: each test has a person of its own. */
const [installs, looks] = [
  { role: 'system-admin', region: 'br' },
  { role: 'system-admin', region: 'mx' },
]
type Person = typeof installs
/** Prepares by the API. */
const helper = { role: 'registry-admin', region: 'mx' }
let registry: RegistryProcess
let product: Product
let acme: Partner
let admin: Client

test.beforeAll(async () => {
  registry = await startRegistryProcess()
  product = await startProduct({
    env: {
      DCESOP_DEMO_PROGRAMS: 'none',
      DCESOP_PLUGIN_REGISTRY_URL: registry.url,
      DCESOP_PLUGIN_REGISTRY_ROOT_KEY: path.join(registry.dir, 'keys/root.pub.pem'),
    },
  })
  acme = await Partner.join(registry, 'acme')
  admin = await signIn(product.url, helper.role, helper.region)
})
test.afterAll(async () => {
  await product?.dispose()
  await registry?.dispose()
})

/** Approved for every region of the host, and known to it. */
async function offer(id: string, version: string, release: Release): Promise<void> {
  await acme.release(id, version, release)
  for (const region of ['mx', 'co']) await acme.approve(id, version, region)
  await admin.request('POST', '/api/admin/registry/refresh', {})
}

test('an administrator installs what only the registry has: with what it asks for, and from a channel of their choice', async ({
  page,
}) => {
  const texts = JSON.stringify({ 'demo.title': 'Probe', 'config.gateway': 'Gateway address' })
  const files = Object.fromEntries(['es', 'pt-BR', 'en'].map((locale) => [`locales/${locale}.json`, texts]))
  const schema = { type: 'object', required: ['gateway'], properties: { gateway: { type: 'string', minLength: 8 } } }
  const manifest = { titleKey: 'demo.title', config: { schema, secrets: [], scopes: ['global'] } } as never
  const named = (id: string, version: string) => ({
    'package.json': JSON.stringify({ name: `@acme/dcesop-${id}`, version }),
  })
  await offer('probe', '1.0.0', { manifest, files: { ...files, ...named('probe', '1.0.0') } })
  const [early, version] = ['early', '0.1.0-beta.1']
  await offer(early, version, {})
  await openAs(page, installs)
  const dialog = page.getByRole('dialog')
  const channel = dialog.getByLabel(t('wanted.channel'))
  const whole = (of: string) => t('change.do.install', { version: of })
  const open = (of: string) => page.getByRole('button', { name: whole(of) }).first()

  await test.step('it is fetched and verified for the form of what it asks for', async () => {
    await page.goto(`${product.url}/plugins/probe`)
    await open('1.0.0').press('Enter')
    await dialog.getByRole('textbox', { name: 'Gateway address' }).fill('gateway.example')
    await expect(channel).toHaveValue('')
    await expect(channel).toContainText(t('wanted.channel.own', { channel: 'stable' }))
    await dialog.getByRole('button', { name: whole('1.0.0') }).press('Enter')
    await confirmItIsMe(page, installs.role, installs.region, 'en')
    await expect(dialog).toBeHidden()
    await expect(page.getByRole('heading', { level: 1, name: 'Probe' })).toBeVisible()
    const view = await admin.request<{ desired: object }>('GET', '/api/admin/plugins/probe')
    expect(view.body).toMatchObject({ state: 'ACTIVE', desired: { version: '1.0.0', channel: null } })
  })
  await test.step('what only another channel has is in the list, and follows that channel once it is installed', async () => {
    await page.goto(`${product.url}/plugins`)
    const line = page.getByRole('row', { name: early })
    await expect(line).toContainText(t('list.newer.elsewhere', { version, channel: 'next' }))
    await line.getByRole('button').press('Enter')
    await page.setViewportSize({ width: 360, height: 800 })
    await open(version).press('Enter')
    await expect(channel).toHaveValue('next')
    await expect(dialog).toContainText(t('install.channel.other', { version, channel: 'next', own: 'stable' }))
    expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
    const install = dialog.getByRole('button', { name: whole(version) })
    // On its way from one state to the other it has the colours of both.
    await expect(install).toBeEnabled()
    expect(await accessibilityProblems(page, 'all')).toEqual([])
    await install.press('Enter')
    await confirmItIsMe(page, installs.role, installs.region, 'en')
    await expect(page.getByRole('table', { name: t('wanted.title') })).toContainText(
      t('wanted.channel.is', { channel: 'next' }),
    )
    await page.setViewportSize({ width: 1366, height: 768 })
  })
  await test.step('what is known against a version is told where it is said why it is believed', async () => {
    const title = 'Tells strangers what the line measures'
    const affected = [{ package: { ecosystem: 'npm', name: '@acme/dcesop-early' }, versions: [version] }]
    const records = [{ id: 'OSV-EARLY-1', summary: title, affected, database_specific: { severity: 'HIGH' } }]
    const token = await registry.token('registry-admin', 'demo registry-admin only')
    const headers = { authorization: `Bearer ${token}` }
    const imported = { headers, data: { records } }
    expect((await page.request.post(`${registry.url}/-/dcesop/v1/advisories`, imported)).ok()).toBe(true)
    await page.getByRole('tab', { name: t('tab.trust') }).click()
    const known = page.getByRole('table', { name: t('advisories.version', { version }) })
    await expect(known.getByRole('row', { name: title })).toContainText(t('advisories.severity.high'))
    expect(await accessibilityProblems(page, 'all')).toEqual([])
  })
  await test.step('a version that waits leads to its approvals, and says that the own region has approved it', async () => {
    await acme.release(early, '0.1.0-beta.2', {})
    await admin.request('POST', '/api/admin/registry/refresh', {})
    await expect(page.getByText(t('detail.waiting.others'))).toBeVisible()
    await page.getByRole('button', { name: t('detail.waiting.show') }).press('Enter')
    await expect(page.getByRole('tabpanel').getByLabel(t('versions.version'), { exact: true })).toHaveValue(
      '0.1.0-beta.2',
    )
    await expect(page.getByRole('tabpanel')).toContainText('reviewer.br')
  })
})

test('nothing that a hostile package says runs on the screens of its administration, or leads away from them', async ({
  page,
}) => {
  const noticed: string[] = []
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => noticed.push(`dialog ${dialog.message()}`)))
  page.on('pageerror', (error) => noticed.push(`error ${error.message}`))
  page.on('console', (message) => {
    if (/Content.Security.Policy|Trusted/i.test(message.text())) noticed.push(message.text())
  })
  for (const version of ['1.0.0', '1.1.0']) {
    const { manifest, files } = hostile()
    const described = {
      name: '@acme/dcesop-trap',
      version,
      description: markup('package'),
      homepage: link,
      author: markup('author'),
    }
    await acme.release('trap', version, {
      manifest,
      routes: [],
      start: '',
      files: { ...files, 'package.json': JSON.stringify(described) },
    })
    if (version !== '1.0.0') continue
    for (const region of ['mx', 'co']) await acme.approve('trap', version, region)
    await admin.request('POST', '/api/admin/registry/refresh', {})
    const wish = { version, from: 'registry' }
    const installed = await changePlugin(admin, helper, 'trap', 'install', wish)
    expect(installed).toMatchObject({ status: 200 })
  }
  await acme.yank('trap', '1.0.0', { class: 'defect', reason: markup('yank') })
  await openAs(page, looks)
  await page.goto(`${product.url}/plugins`)
  await expect(page.getByRole('row', { name: 'trap' })).toBeVisible()
  await expectUnharmed(page)
  await page.goto(`${product.url}/plugins/trap`)
  for (const tab of ['versions', 'trust', 'approvals', 'usage', 'settings', 'history']) {
    await page.getByRole('tab', { name: t(`tab.${tab}`) }).click()
    await expect(page.getByRole('tabpanel')).not.toBeEmpty()
    await page.waitForLoadState('networkidle')
    await expectUnharmed(page)
  }
  expect(noticed).toEqual([])
  // And what a mistake of ours would let through, the browser keeps from the page.
  const attempt = () => {
    try {
      document.createElement('div').innerHTML = '<b>x</b>'
      return 'taken'
    } catch (error) {
      return (error as Error).name
    }
  }
  expect(await page.evaluate(attempt)).toBe('TypeError')
})

/** Signs in, in English. */
async function openAs(page: Page, { role, region }: Person): Promise<void> {
  const { url } = product
  const account = accountOf(role, region)
  const { username, password } = account
  const login = { username, password, totp: totpOf(account) }
  expect((await page.request.post(`${url}/api/auth/login`, { data: login })).status()).toBe(200)
  await page.request.put(`${url}/api/me/preferences/appearance`, { data: { value: { locale: 'en' } } })
}

async function expectUnharmed(page: Page): Promise<void> {
  expect(await page.evaluate(() => (window as { hit?: unknown }).hit)).toBeUndefined()
  expect(await page.locator('img[src="x"], script:not([src]), a[href^="javascript:" i]').count()).toBe(0)
}
