import { chromium } from '@playwright/test'
import { accountOf, totpOf } from '../../tests/support/accounts.ts'
const url = process.env.U ?? 'http://127.0.0.1:18231'
const out = '/tmp/customers-shots/'
const [region = 'br', locale = 'pt-BR'] = process.argv.slice(2)
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
})
const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale })
const page = await context.newPage()
page.on('console', (m) => {
  if (['error', 'warning'].includes(m.type())) console.log('console', m.text().slice(0, 300))
})
page.on('pageerror', (e) => console.log('pageerror', e.message))
page.on('response', (r) => {
  if (r.status() >= 400) console.log(r.status(), r.url())
})
await page.goto(url)
const account = accountOf(process.env.ROLE ?? 'agent', region)
await page.fill('input[autocomplete=username]', account.username)
await page.fill('input[autocomplete=current-password]', account.password)
await page.keyboard.press('Enter')
await page.waitForSelector('input[autocomplete=one-time-code]')
for (const ahead of [0, 1, -1]) {
  const t = totpOf(account, ahead)
  await page.fill('input[autocomplete=one-time-code]', t!)
  await page.keyboard.press('Enter')
  try {
    await page.waitForSelector('.sh-frame', { timeout: 3000 })
    break
  } catch {
    console.log('totp retry')
  }
}
await page.waitForTimeout(2500)
await page.screenshot({ path: out + 'dashboard.png' })
await page.goto(url + '/customers')
await page.waitForSelector('input[type=search][role=combobox]')
await page.waitForTimeout(500)
await page.screenshot({ path: out + 'search-empty.png' })
console.log('focus', await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120)))
await page.keyboard.type('si')
await page.waitForSelector('[role=option]')
await page.keyboard.press('ArrowDown')
await page.screenshot({ path: out + 'search-name.png' })
await page.fill('input[type=search]', '')
await page.keyboard.type(process.env.PHONE ?? '(11) 99900-1005')
await page.keyboard.press('Enter')
const t0 = Date.now()
await page.waitForSelector('.head')
console.log('opened after', Date.now() - t0)
await page.waitForTimeout(2500)
await page.screenshot({ path: out + 'customer.png' })
await page.screenshot({ path: out + 'customer-full.png', fullPage: true })
await page.keyboard.press('Tab')
await page.evaluate(() => (document.querySelector('.customer a, .customer button') as HTMLElement)?.focus())
await page.keyboard.press('n')
await page.waitForTimeout(300)
await page.keyboard.type('Cliente pede retorno amanhã.')
await page.screenshot({ path: out + 'note.png' })
await page.keyboard.press('Control+Enter')
await page.waitForTimeout(800)
await page.screenshot({ path: out + 'note-saved.png' })
await page.click('.head .dc-masked button')
await page.waitForTimeout(400)
await page.screenshot({ path: out + 'reveal.png' })
await page.keyboard.press('Escape')
for (const theme of ['dark', 'contrast']) {
  await page.evaluate((t) => (document.documentElement.dataset.theme = t), theme)
  await page.screenshot({ path: out + `customer-${theme}.png` })
}
await page.evaluate(() => (document.documentElement.dataset.theme = 'light'))
await page.setViewportSize({ width: 360, height: 800 })
await page.waitForTimeout(500)
await page.screenshot({ path: out + 'customer-360.png', fullPage: true })
console.log('overflow', await page.evaluate(() => document.documentElement.scrollWidth))
await page.goto(url + '/customers')
await page.waitForSelector('input[type=search]')
await page.keyboard.type('silva')
await page.waitForSelector('[role=option]')
await page.screenshot({ path: out + 'search-360.png' })
await browser.close()
