import { expect, type Page, test } from '@playwright/test'
import { packFixture } from '../../core/src/plugins/testing/fixture-plugin.ts'
import { accountOf } from '../support/accounts.ts'
import { changePlugin, uploadPackage } from '../support/admin.ts'
import { signIn } from '../support/client.ts'
import { signInByKeyboard, url } from '../support/console.ts'
import { textsOf } from '../support/texts.ts'

const t = textsOf('registry-admin', 'pt-BR')
const shell = textsOf('shell', 'pt-BR')
const account = { role: 'system-admin', region: 'br' }
/** Prepares by the API: an account's codes count once, and the person of the spec needs theirs. */
const helper = { role: 'registry-admin', region: 'mx' }
// A version is immutable and the database may outlive this spec: each run has a plugin of its own.
const id = `lab-${Math.floor(Date.now() / 1000)}`
const [before, after] = ['1.0.0', '1.1.0']

test('an administrator reads what a newer version may do, tries it, promotes it and takes it back', async ({
  page,
}) => {
  const admin = await signIn(url(), helper.role, helper.region)
  for (const [version, requests] of [
    [before, []],
    [after, [{ cap: 'http:egress', resource: 'api.acme.example', reasonKey: 'demo.title' }]],
  ] as const) {
    const manifest = { titleKey: 'lab.title', permissions: { requests: [...requests] } }
    expect(await uploadPackage(admin, await packFixture({ id, version, manifest }))).toMatchObject({ status: 201 })
  }
  expect(await changePlugin(admin, helper, id, 'install', { version: before })).toMatchObject({ status: 200 })

  await signInByKeyboard(page, account.role, account.region, 'pt-BR')
  await page.goto(`${url()}/plugins`)
  await page.getByLabel(t('filter.search')).fill(id)
  const line = page.getByRole('row', { name: id })
  await expect(line).toContainText(after)
  await line.getByRole('button').press('Enter')

  await expect(page.getByRole('heading', { level: 1, name: id })).toBeVisible()
  await expect(page.getByText(t('difference.host.added', { resource: 'api.acme.example' }))).toBeVisible()

  await page
    .getByRole('button', { name: t('change.do.upgrade', { version: after }) })
    .first()
    .press('Enter')
  await page.getByLabel(t('canary.by.region', { region: t('region.br') })).check()
  await page.getByLabel(t('canary.minMinutes')).fill('60')
  await page.getByRole('button', { name: t('change.do.canary') }).press('Enter')
  await confirmItIsMe(page)
  await expect(page.getByRole('heading', { name: t('canary.title', { version: after }) })).toBeVisible()
  await expect(page.getByText(t('canary.verdict.wait'))).toBeVisible()

  await page.getByRole('button', { name: t('change.do.promote', { version: after }) }).press('Enter')
  await dialogAction(page, t('change.do.promote', { version: after }))
  await confirmItIsMe(page)
  await expect(versionRow(page, after)).toContainText(t('versions.installed'))

  await page.getByRole('button', { name: t('detail.more', { plugin: id }) }).press('Enter')
  await page.getByRole('menuitem', { name: t('change.do.rollback') }).press('Enter')
  await dialogAction(page, t('change.do.rollback'))
  await confirmItIsMe(page)
  await expect(versionRow(page, before)).toContainText(t('versions.installed'))

  await page.getByRole('tab', { name: t('tab.history') }).click()
  const audit = page.getByRole('table', { name: t('history.audit') })
  for (const action of ['upgrade', 'promote', 'rollback']) await expect(audit).toContainText(`plugin.${action}`)
  await changePlugin(admin, helper, id, 'disable')
})

const versionRow = (page: Page, version: string) =>
  page.getByRole('table', { name: t('versions.title') }).getByRole('row', { name: version })

async function dialogAction(page: Page, name: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).press('Enter')
}

/** By password: a code counts once, and a spec would wait for the next. */
async function confirmItIsMe(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: shell('shell.stepUp.title') })
  await dialog.getByRole('button', { name: shell('shell.stepUp.usePassword') }).press('Enter')
  await dialog.getByLabel(shell('shell.signIn.password')).fill(accountOf(account.role, account.region).password)
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
}
