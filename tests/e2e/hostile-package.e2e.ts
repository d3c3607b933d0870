import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import type { PluginManifest } from '@dcesop/sdk-plugin/manifest'
import { accountOf, totpOf } from '../support/accounts.ts'
import { changePlugin } from '../support/admin.ts'
import { signIn } from '../support/client.ts'
import { Partner } from '../support/partner.ts'
import { startProduct } from '../support/product.ts'
import { startRegistryProcess } from '../support/registry.ts'
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

test('nothing that a hostile package says runs on the screens of its administration, or leads away from them', async ({
  page,
}) => {
  const registry = await startRegistryProcess()
  const product = await startProduct({
    env: {
      DCESOP_DEMO_PROGRAMS: 'none',
      DCESOP_PLUGIN_REGISTRY_URL: registry.url,
      DCESOP_PLUGIN_REGISTRY_ROOT_KEY: path.join(registry.dir, 'keys/root.pub.pem'),
    },
  })
  const noticed: string[] = []
  page.on('dialog', (dialog) => void dialog.dismiss().then(() => noticed.push(`dialog ${dialog.message()}`)))
  page.on('pageerror', (error) => noticed.push(`error ${error.message}`))
  page.on('console', (message) => {
    if (/Content.Security.Policy|Trusted/i.test(message.text())) noticed.push(message.text())
  })
  try {
    const acme = await Partner.join(registry, 'acme')
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
      const admin = await signIn(product.url, 'registry-admin', 'mx')
      await admin.request('POST', '/api/admin/registry/refresh', {})
      const wish = { version, from: 'registry' }
      const installed = await changePlugin(admin, { role: 'registry-admin', region: 'mx' }, 'trap', 'install', wish)
      expect(installed).toMatchObject({ status: 200 })
    }
    await acme.yank('trap', '1.0.0', { class: 'defect', reason: markup('yank') })
    await openAs(page, product.url)
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
  } finally {
    await product.dispose()
    await registry.dispose()
  }
})

/** Signs in as the system administrator of Brazil, in English. */
async function openAs(page: Page, url: string): Promise<void> {
  const account = accountOf('system-admin', 'br')
  const { username, password } = account
  const login = { username, password, totp: totpOf(account) }
  expect((await page.request.post(`${url}/api/auth/login`, { data: login })).status()).toBe(200)
  await page.request.put(`${url}/api/me/preferences/appearance`, { data: { value: { locale: 'en' } } })
}

async function expectUnharmed(page: Page): Promise<void> {
  expect(await page.evaluate(() => (window as { hit?: unknown }).hit)).toBeUndefined()
  expect(await page.locator('img[src="x"], script:not([src]), a[href^="javascript:" i]').count()).toBe(0)
}
