import { cp, readFile, symlink } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from '@dcesop/sdk-plugin/testing/playwright'
import { accountOf } from '../support/accounts.ts'
import { changePlugin, uploadPackage } from '../support/admin.ts'
import { type Client, signIn } from '../support/client.ts'
import { url } from '../support/console.ts'
import { openPartner, type Partner } from '../support/partner-folder.ts'

const root = path.resolve(import.meta.dirname, '../..')
const administrator = { role: 'registry-admin', region: 'co' }
let partner: Partner
let admin: Client

test.beforeAll(async () => {
  process.env['DCESOP_HOST'] = url()
  partner = await openPartner()
  // The one package that a partner of these brings along.
  await symlink(path.join(root, 'node_modules/single-spa-vue'), path.join(partner.dir, 'node_modules/single-spa-vue'))
  admin = await signIn(url(), administrator.role, administrator.region)
})
test.afterAll(() => partner?.dispose())

/** Copies a partner's plugin out of the work tree, packs it there, and installs it on the host. */
async function install(id: string): Promise<void> {
  await cp(path.join(root, 'partners', id), path.join(partner.dir, id), { recursive: true })
  expect(await partner.sh(`cd ${id} && npm run pack`)).toMatchObject({ status: 0 })
  const tarball = await readFile(path.join(partner.dir, id, `dist/${id}-1.0.0.tgz`))
  expect(await uploadPackage(admin, tarball)).toMatchObject({ status: 201 })
  const installed = await changePlugin(admin, administrator, id, 'install', { version: '1.0.0' })
  expect(installed).toMatchObject({ status: 200, body: { state: 'ACTIVE' } })
}

test('a page by single-spa-vue alone is composed like any other', async ({ page, shell }) => {
  await install('coverage')
  await shell.signIn(accountOf('regional-manager', 'co'))
  await shell.open('/coverage')
  const told = page.locator('main').getByRole('status')
  await expect(told).toContainText(/2 km.*95/)
  await page.getByRole('slider').fill('20')
  await expect(told).toContainText(/20 km.*115/)
  expect(await shell.accessibilityProblems()).toEqual([])
  await page.locator('#navigation a[href="/"]').click()
  await expect(told).toHaveCount(0)
  expect(await changePlugin(admin, administrator, 'coverage', 'disable')).toMatchObject({ status: 200 })
})

test('a backend that asks for a process of its own gets one', async () => {
  await install('line-test')
  expect(await partner.sh('cd line-test && npm test')).toMatchObject({ status: 0 })
  const agent = await signIn(url(), 'regional-manager', 'mx')
  const measured = { metres: 1000, decibel: 30 }
  const answer = await agent.request('POST', '/api/plugins/line-test/tests', measured)
  expect(answer).toMatchObject({ status: 200, body: { verdict: 'broken' } })
  const tier = await agent.request('GET', '/api/plugins/line-test/process')
  expect(tier).toMatchObject({ status: 200, body: { confined: true } })
  expect(await changePlugin(admin, administrator, 'line-test', 'disable')).toMatchObject({ status: 200 })
})
