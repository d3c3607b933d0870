import { spawn, type ChildProcess } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from '@dcesop/sdk-plugin/testing/playwright'
import { accountOf } from '../support/accounts.ts'
import { signIn } from '../support/client.ts'
import { url } from '../support/console.ts'
import { openPartner, type Partner } from '../support/partner-folder.ts'

let partner: Partner
let command: ChildProcess | undefined
test.beforeAll(async () => {
  process.env['DCESOP_HOST'] = url()
  process.env['DCESOP_LANG'] = 'en'
  partner = await openPartner()
})
test.afterAll(async () => {
  command?.kill('SIGKILL')
  await partner?.dispose()
})

/** Starts `dcesop dev` and gives what it prints. */
function startDev(): { printed(): string; ended: Promise<number | null> } {
  let out = ''
  const started = spawn(
    process.execPath,
    [path.join(partner.dir, 'node_modules/.bin/dcesop'), 'dev', 'radio', '--host', url()],
    {
      cwd: partner.dir,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  command = started
  for (const stream of [started.stdout, started.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk.toString()))
  return { printed: () => out, ended: new Promise((resolve) => started.on('exit', resolve)) }
}

// With the fixtures that the SDK gives to authors for their own browser specs.
test('an author sees each build in their own session, and nobody else does', async ({ page, shell }) => {
  expect(await partner.sh('dcesop new radio --publisher acme')).toMatchObject({ status: 0 })
  await shell.signIn(accountOf('system-admin', 'co'))
  const dev = startDev()
  await expect.poll(dev.printed).toMatch(/type [A-Z0-9]{4}-[A-Z0-9]{4}/)
  await shell.connect(/type (\S+)/.exec(dev.printed())?.[1] ?? '')
  await expect.poll(dev.printed).toMatch(/shows radio 0\.1\.0-dev\.\d+/)
  const entry = page.locator('#navigation a[href="/radio"]')
  await expect(entry).toHaveCount(1)
  await shell.open('/radio')
  await expect(page.getByRole('heading', { level: 1, name: 'Radio' })).toBeVisible()
  await expect(page.getByText('35 Mb')).toBeVisible()
  await expect(page.locator('.sh-dev-banner')).toContainText('radio 0.1.0-dev.')
  expect(await shell.accessibilityProblems()).toEqual([])

  // A reload of the page would lose this mark.
  await page.evaluate(() => void Object.assign(window, { sameDocument: true }))
  const domain = path.join(partner.dir, 'radio/server/estimate.ts')
  await writeFile(domain, (await readFile(domain, 'utf8')).replace('perStream = 25', 'perStream = 35'))
  await expect(page.getByText('45 Mb')).toBeVisible()
  for (const locale of ['es', 'pt-BR', 'en']) {
    const texts = path.join(partner.dir, `radio/locales/${locale}.json`)
    const changed = (await readFile(texts, 'utf8')).replace('"page.title": "Radio"', '"page.title": "Radio links"')
    await writeFile(texts, changed)
  }
  await expect(page.getByRole('heading', { level: 1, name: 'Radio links' })).toBeVisible()
  expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true)

  // What a module throws is told as often as it is tried, and the build that mends it is shown.
  const unit = path.join(partner.dir, 'radio/ui/estimate-page.ts')
  const exported = await readFile(unit, 'utf8')
  await writeFile(unit, `throw new Error('not today')\n${exported}`)
  const retry = page.locator('.sh-fallback').getByRole('button')
  for (let times = 1; times <= 3; times += 1) {
    await expect.poll(() => dev.printed().split('remote_failed: not today').length - 1).toBe(times)
    if (times < 3) await retry.click()
    else await expect(retry).toHaveCount(0)
  }
  await writeFile(unit, exported)
  await expect(page.getByRole('heading', { level: 1, name: 'Radio links' })).toBeVisible()

  // As CSS-in-JS libraries do it: rules by script, which no file of the build has.
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet()
    sheet.insertRule('h1.made-by-script { color: red }')
    document.adoptedStyleSheets.push(sheet)
  })
  await expect(page.locator('.dc-toast', { hasText: 'h1.made-by-script' })).toBeVisible()
  await expect.poll(dev.printed).toContain('[warn] styles (style): ui-global-selector: ')

  const other = await signIn(url(), 'agent', 'co')
  expect((await other.request('GET', '/api/plugins/radio/estimate?people=1&streams=1')).status).toBe(404)

  // The shell shows it all the same; a text that nobody could read is told at once.
  await writeFile(path.join(partner.dir, 'radio/locales/en.json'), '{')
  await expect.poll(dev.printed).toContain('locales/en.json:1: source-json: ')
  await writeFile(domain, 'export const broken =')
  await expect.poll(dev.printed).toContain('estimate.ts')
  await expect(page.getByText('45 Mb')).toBeVisible()

  command?.kill('SIGINT')
  expect(await dev.ended).toBe(0)
  await expect(page.locator('.sh-dev-banner')).toHaveCount(0)
  await expect(entry).toHaveCount(0)
})
