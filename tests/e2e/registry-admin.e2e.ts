import { expect, type Page, test } from '@playwright/test'
import { packFixture } from '../../core/src/plugins/testing/fixture-plugin.ts'
import reasons from '../../sdk-plugin/src/ui/reasons/locales/pt-BR.json' with { type: 'json' }
import { changePlugin, uploadPackage } from '../support/admin.ts'
import { accessibilityProblems } from '../support/axe.ts'
import { signIn } from '../support/client.ts'
import { confirmItIsMe, openConsole, signInByKeyboard, url } from '../support/console.ts'
import { textsOf } from '../support/texts.ts'

const t = textsOf('registry-admin', 'pt-BR')
const account = { role: 'system-admin', region: 'br' }
/** Prepares by the API: an account's codes count once, and the person of the spec needs theirs. */
const helper = { role: 'registry-admin', region: 'mx' }
// A version is immutable and the database may outlive this spec: each run has a plugin of its own.
const id = `lab-${Math.floor(Date.now() / 1000)}`
const collection = `${id.replace('-', '_')}_`
const [before, after] = ['1.0.0', '1.1.0']

test('a plugin that is neither here nor offered is told as such', async ({ page }) => {
  await openConsole(page, 'registry-admin', 'co', 'pt-BR')
  await page.goto(`${url()}/plugins/nobody-has-this`)
  await expect(page.locator('main')).toContainText(textsOf('sdk', 'pt-BR')('ui.state.missing.text'))
})

test('an administrator reads what a newer version may do, tries it, promotes it, takes it back and uninstalls it', async ({
  page,
}) => {
  const admin = await signIn(url(), helper.role, helper.region)
  for (const [version, requests] of [
    [before, []],
    [after, [{ cap: 'http:egress', resource: 'api.acme.example', reasonKey: 'demo.title' }]],
  ] as const) {
    const data = { collections: [`${collection}*`], schemaVersion: 1 }
    const manifest = { titleKey: 'lab.title', permissions: { requests: [...requests] }, data }
    const start = `await context.data.region('br').collection('${collection}things').insertOne({})`
    expect(await uploadPackage(admin, await packFixture({ id, version, manifest, start }))).toMatchObject({
      status: 201,
    })
  }
  expect(await changePlugin(admin, helper, id, 'install', { version: before })).toMatchObject({ status: 200 })

  await signInByKeyboard(page, account.role, account.region, 'pt-BR')
  await page.goto(`${url()}/plugins`)
  await page.getByLabel(t('filter.search')).fill(id)
  const line = page.getByRole('row', { name: id })
  await expect(line).toContainText(after)
  // What it is made of, how sure it is who made it, and where it runs.
  for (const fact of ['list.signature.uploaded', 'list.kinds.backend', 'region.br'] as const)
    await expect(line).toContainText(t(fact))
  await expect(line).toContainText(/\d\skB/)
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
  await confirm(page)
  await expect(page.getByRole('heading', { name: t('canary.title', { version: after }) })).toBeVisible()
  await expect(page.getByText(t('canary.verdict.wait'))).toBeVisible()
  await test.step('on a phone no label of its figures stands without a value', async () => {
    const usual = page.viewportSize()
    await page.setViewportSize({ width: 360, height: 800 })
    await expect(page.locator('[data-stacks] td:empty').first()).toBeAttached()
    await expect(page.locator('[data-stacks] td:empty:visible')).toHaveCount(0)
    if (usual) await page.setViewportSize(usual)
  })

  await page.getByRole('button', { name: t('change.do.promote', { version: after }) }).press('Enter')
  await dialogAction(page, t('change.do.promote', { version: after }))
  await confirm(page)
  await expect(versionRow(page, after)).toContainText(t('versions.installed'))

  await page.getByRole('button', { name: t('detail.more', { plugin: id }) }).press('Enter')
  await page.getByRole('menuitem', { name: t('change.do.rollback') }).press('Enter')
  await dialogAction(page, t('change.do.rollback'))
  await confirm(page)
  await expect(versionRow(page, before)).toContainText(t('versions.installed'))

  await test.step('pins the version, which nobody moves until the pin is taken away', async () => {
    const ask = page.getByRole('button', { name: t('wanted.change.of', { place: t('wanted.everywhere') }) })
    const pin = page.getByLabel(t('wanted.pin.keep', { version: before }))
    const set = async (pinned: boolean) => {
      await ask.press('Enter')
      await pin.setChecked(pinned)
      await page.getByLabel(t('reason')).fill('a fair in the region')
      await dialogAction(page, t('wanted.do'))
      await confirm(page)
      await expect(ask).toBeFocused()
    }
    await set(true)
    await expect(page.getByRole('table', { name: t('wanted.title') })).toContainText(t('wanted.pin'))
    const refused = await changePlugin(admin, helper, id, 'upgrade', { version: after })
    expect(refused).toMatchObject({ status: 409, body: { code: 'plugin_pinned' } })
    await set(false)
    await expect(page.getByRole('table', { name: t('wanted.title') })).toContainText(t('wanted.fixed'))
  })

  await test.step('is told what somebody else has changed since, and what was decided before is not done', async () => {
    await page.getByRole('button', { name: t('detail.more', { plugin: id }) }).press('Enter')
    await page.getByRole('menuitem', { name: t('change.do.disable') }).press('Enter')
    const reason = 'a fair in the region'
    expect(await changePlugin(admin, helper, id, 'want', { pinned: true, reason })).toMatchObject({ status: 200 })
    await dialogAction(page, t('change.do.disable'))
    await expect(page.getByText(t('change.outdated')).first()).toBeVisible()
    await expect(page.getByRole('table', { name: t('wanted.title') })).toContainText(t('wanted.pin'))
    const freed = await changePlugin(admin, helper, id, 'want', { reason })
    expect(freed).toMatchObject({ status: 200, body: { enabled: true } })
  })

  await page.getByRole('tab', { name: t('tab.history') }).click()
  const audit = page.getByRole('table', { name: t('history.audit') })
  for (const action of ['upgrade', 'promote', 'rollback', 'want']) {
    await expect(audit).toContainText(`plugin.${action}`)
    await expect(audit).toContainText(t(`audit.action.plugin.${action}`))
  }
  await expect(audit).toContainText(
    `${t('audit.detail.canary')}: ${t('canary.who.regions', { regions: t('region.br') })}`,
  )
  // A step back has nothing to note.
  await expect(audit).not.toContainText('[object')
  // By name where it is a colleague; who works in other regions alone is no name to this person.
  await expect(audit.getByTitle(/^a_/).filter({ hasNotText: /^a_/ }).first()).toBeVisible()
  // In the person's language, by the codes of the reasons.
  const journal = page.getByRole('table', { name: t('history.journal') })
  await expect(journal).toContainText(reasons['reason.rollback_to'].replace('{version}', before))

  const more = page.getByRole('button', { name: t('detail.more', { plugin: id }) })
  const dialog = page.getByRole('dialog', { name: t('uninstall.title', { plugin: id }) })
  await test.step('is led to the reason that a proposal to stop it lacks', async () => {
    await more.press('Enter')
    await page.getByRole('menuitem', { name: t('kill.open') }).press('Enter')
    const proposal = page.getByRole('dialog', { name: t('kill.propose', { plugin: id }) })
    await proposal.getByRole('button', { name: t('kill.do') }).press('Enter')
    await expect(proposal.getByText(t('reason.missing'))).toBeVisible()
    await expect(proposal.getByLabel(t('reason'))).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(more).toBeFocused()
  })
  await test.step('looks at what an uninstallation means, and goes back to where they were', async () => {
    await more.press('Enter')
    await page.getByRole('menuitem', { name: t('change.do.uninstall') }).press('Enter')
    await expect(dialog).toContainText(`${collection}things`)
    await expect(dialog.getByLabel(t('uninstall.keep'))).toBeChecked()
    await page.keyboard.press('Escape')
    await expect(more).toBeFocused()
  })
  await test.step('deletes its data with it, once its id is typed', async () => {
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: t('change.do.uninstall') }).press('Enter')
    await dialog.getByLabel(t('uninstall.drop')).check()
    await dialog.getByLabel(t('reason')).fill('the trial of this spec is over')
    await dialog.getByRole('button', { name: t('uninstall.do.drop') }).press('Enter')
    await expect(dialog.getByText(t('uninstall.wrong.confirm', { plugin: id }))).toBeVisible()
    await expect(dialog.getByLabel(t('uninstall.confirm', { plugin: id }))).toBeFocused()
    expect(await accessibilityProblems(page, 'all')).toEqual([])
    await page.keyboard.type(id)
    await page.keyboard.press('Enter')
    await confirm(page)
    // It is there a second time for screen readers.
    await expect(page.getByText(t('uninstall.done.drop', { plugin: id })).first()).toBeVisible()
    await expect(page.getByText(t('detail.notInstalled'))).toBeVisible()
    await expect(more).toBeFocused()
  })
  expect(await admin.request('GET', `/api/admin/plugins/${id}`)).toMatchObject({ status: 404 })
})

const versionRow = (page: Page, version: string) =>
  page.getByRole('table', { name: t('versions.title'), exact: true }).getByRole('row', { name: version })

async function dialogAction(page: Page, name: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).press('Enter')
}

const confirm = (page: Page) => confirmItIsMe(page, account.role, account.region, 'pt-BR')
