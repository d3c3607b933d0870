import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page, type Route, test } from '@playwright/test'
import { machine } from '../support/client.ts'
import { goToCustomers, openConsole, signInByKeyboard, url } from '../support/console.ts'
import { storyOf, type Story } from '../support/stories.ts'
import { type Locale, textsOf } from '../support/texts.ts'

const root = path.resolve(import.meta.dirname, '../..')
const trace = path.resolve(root, '../shared/data/5g/download-static-B_2020.02.13_13.57.29.csv')

const people: readonly { locale: Locale; region: string; document: string }[] = [
  { locale: 'es-MX', region: 'mx', document: 'CURP' },
  { locale: 'pt-BR', region: 'br', document: 'CPF' },
  { locale: 'en', region: 'co', document: 'CC' },
]

/** Sets a note apart from those of earlier runs, in words that somebody would write. */
const now = () => new Date().toISOString().slice(0, 19).replace('T', ' ')

test.describe.configure({ mode: 'parallel' })

for (const { locale, region, document } of people) {
  test(`an agent finds, sees and diagnoses a customer by keyboard, in ${locale}`, async ({ page }) => {
    const customers = textsOf('customers', locale)
    const diagnostics = textsOf('diagnostics', locale)
    const sdk = textsOf('sdk', locale)
    const story = storyOf('degraded-fibre-power', region)
    await signInByKeyboard(page, 'agent', region, locale)
    await openByPhone(page, story, locale)
    await expect(page.getByRole('heading', { level: 1 })).toContainText(story.familyNames)
    await expect(
      page.getByText(customers('customer.recorded', { time: '' }).trim().slice(0, 8), { exact: false }).first(),
    ).toBeVisible()

    // An abbreviation is not lower-cased as a word is.
    await expect(
      page.getByRole('button', { name: sdk('ui.masked.show', { label: document }), exact: true }),
    ).toBeVisible()

    const fibre = page.locator(`[data-service="${story.services[0]?.serviceId}"]`)
    await expect(fibre).toBeVisible()
    await expect(fibre.locator('[data-metric=uptime] .dc-tile__neighbours')).toHaveText(
      new RegExp(
        `^${sdk('ui.metric.neighbours', { value: diagnostics('ui.days', { days: 99 }) }).replace('99', '\\d+')}$`,
      ),
    )
    // A promise has no digits of its own.
    await expect(fibre.locator('[data-metric=down] .dc-tile__promise')).toHaveText(/\s600\s/)
    await expect(page.locator('[data-panel=usage]')).toContainText(diagnostics('ui.source.simulator'))
    const diagnose = fibre.getByRole('button', { name: diagnostics('ui.diagnose.start') })
    await diagnose.focus()
    await page.keyboard.press('Enter')
    const result = page.locator('[data-result]')
    await expect(result).toBeVisible()
    await expect(result).toContainText(diagnostics('ui.result.next'))
    await expect(result).toContainText(diagnostics('result.optical-low.title'))
    // What was not run because the cause is known is told once, not step by step.
    const [notNeeded] = diagnostics('ui.diagnosis.notNeeded', { steps: '#' }).split('#')
    await expect(page.getByText(notNeeded as string)).toHaveCount(1)
    await expect(page.locator('[data-diagnosis]')).not.toContainText(diagnostics('step.stopped'))
    await expect(page.locator('[data-diagnosis]')).toBeFocused()
    await page.getByRole('button', { name: diagnostics('ui.diagnosis.close') }).press('Enter')
    await expect(diagnose).toBeFocused()

    const lines = ['Ligou de manhã.', `Vuelve a llamar, dijo el ${now()}.`]
    await page.keyboard.press('n')
    await page.keyboard.insertText(lines.join('\n'))
    // Closing by mistake costs nobody what they wrote.
    await page.keyboard.press('Escape')
    await page.keyboard.press('Enter')
    await expect(page.locator('textarea')).toHaveValue(lines.join('\n'))
    await page.keyboard.press('Control+Enter')
    const note = page.locator('.dc-timeline__detail').filter({ hasText: lines[1] as string })
    expect(await note.innerText()).toBe(lines.join('\n'))
    await page.reload()
    await expect(page.locator('.dc-timeline')).toContainText(diagnostics('timeline.diagnosis.optical-low'))

    for (const nobody of ['c_00000000000000000000', 'abc']) {
      await page.goto(`${url()}/customers/${region}/${nobody}`)
      await expect(page.locator('main')).toContainText(sdk('ui.state.missing.text'))
    }
    await page.goto(`${url()}/nowhere`)
    await expect(page).toHaveTitle(`${textsOf('shell', locale)('shell.notFound.title')} · DCESOP`)
  })
}

test('a measurement that a machine posts is on the tile in the open page', async ({ page }) => {
  // The simulator leaves this line to what others post, so that nothing overtakes the row.
  const story = storyOf('trace-replay', 'br')
  const service = mobileOf(story)
  await openConsole(page, 'agent', 'br', 'en')
  await openByPhone(page, story, 'en')
  const tile = page.locator(`[data-service="${service}"] [data-metric="rsrp"]`)
  await expect(tile).toBeVisible()
  const client = await machine(url(), 'diagnostics:ingest', 'br')
  const row = {
    source: 'e2e',
    seq: Date.now(),
    serviceId: service,
    at: new Date().toISOString(),
    metrics: { rsrp: -61.7 },
  }
  const answer = await client.request('POST', '/api/plugins/diagnostics/telemetry', JSON.stringify(row), {
    'content-type': 'application/x-ndjson',
  })
  const posted = performance.now()
  expect(answer.body).toMatchObject({ accepted: 1, rejected: 0 })
  await expect(tile).toContainText('61.7')
  test.info().annotations.push({
    type: 'measured',
    description: `tile changed ${Math.round(performance.now() - posted)} ms after the post`,
  })
})

test('a real radio trace replayed through the public route moves the tiles', async ({ page }) => {
  test.skip(!existsSync(trace), 'the public 5G traces are not beside this clone')
  const story = storyOf('trace-replay', 'mx')
  const service = mobileOf(story)
  await openConsole(page, 'agent', 'mx', 'es-MX')
  await openByPhone(page, story, 'es-MX')
  const tiles = page.locator(`[data-service="${service}"] [data-metric="rsrp"]`)
  await expect(tiles).toBeVisible()
  const before = await tiles.innerText()
  const replay = startReplay(story.customerId, service)
  try {
    await expect.poll(() => tiles.innerText(), { timeout: 60_000 }).not.toBe(before)
    await expect(page.locator(`[data-service="${service}"]`)).toContainText('replay')
  } finally {
    replay.kill()
  }
})

test('older entries that do not come are told as such, and tried again', async ({ page }) => {
  const story = storyOf('healthy', 'co')
  await openConsole(page, 'agent', 'co', 'en')
  const incidents: string[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/api/ui/incidents')) incidents.push(request.postData() ?? '')
  })
  // The history of the demo fits on one page.
  const oldest = {
    id: 't_oldest',
    at: '2020-01-01T12:00:00Z',
    kind: 'note',
    channel: 'system',
    author: 'Ana',
    text: 'First.',
  }
  const older = '**/timeline?*cursor=*'
  await page.route(older, (route) => route.fulfill({ json: { entries: [oldest] } }))
  await page.route(/\/timeline$/, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...((await response.json()) as object), cursor: 'older' } })
  })
  await page.goto(`${url()}/customers/${story.region}/${story.customerId}`)
  const sdk = textsOf('sdk', 'en')
  const more = page.getByRole('button', { name: sdk('ui.timeline.more') })
  await page.route(older, (route) => route.abort(), { times: 1 })
  await more.press('Enter')
  await expect(page.getByText(sdk('ui.state.error.unreachable')).first()).toBeVisible()
  await more.press('Enter')
  await expect(page.locator('.dc-timeline__item').last()).toBeFocused()
  await expect(page.locator('.dc-timeline__item').last()).toContainText(oldest.text)
  expect(incidents).toEqual([])
})

test('a note that is changed after its answer was lost is kept as changed', async ({ page }) => {
  const story = storyOf('healthy', 'co')
  await openConsole(page, 'agent', 'co', 'en')
  await page.goto(`${url()}/customers/${story.region}/${story.customerId}`)
  const lost = async (route: Route) => {
    await route.fetch()
    await route.abort()
  }
  await page.route('**/notes', lost, { times: 1 })
  await expect(page.getByRole('heading', { level: 1 })).toContainText(story.familyNames)
  await expect(page.locator('[data-autofocus]')).toBeFocused()
  await page.keyboard.press('n')
  await expect(page.getByRole('textbox', { name: textsOf('customers', 'en')('note.label') })).toBeFocused()
  const text = `Calls again, they said on ${now()},`
  await page.keyboard.insertText(text)
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(textsOf('sdk', 'en')('ui.state.error.unreachable'))).toBeVisible()
  await page.keyboard.insertText(' at nine')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.dc-timeline__detail').filter({ hasText: `${text} at nine` })).toBeVisible()
})

test('badges that come late leave the head of a customer as high as it is', async ({ page }) => {
  const story = storyOf('degraded-fibre-power', 'co')
  await openConsole(page, 'agent', 'co', 'en')
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route(/\/ui\/diagnostics\//, async (route) => {
    await held
    await route.continue()
  })
  await page.goto(`${url()}/customers/${story.region}/${story.customerId}`)
  // Its skeleton is only shown after a while.
  await expect(page.locator('.customer__panels .dc-skeleton__line').first()).toBeVisible()
  const height = async () => (await page.locator('.dc-page-head').boundingBox())?.height
  const before = await height()
  release()
  await expect(page.locator('.dc-page-head .dc-badge').last()).toContainText(/\d/)
  expect(await height()).toBe(before)
})

test('a customer with dozens of lines has the history in reach, and shows the rest when asked', async ({ page }) => {
  const story = storyOf('healthy', 'co')
  await openConsole(page, 'agent', 'co', 'en')
  await page.route(new RegExp(`/customers/${story.region}/${story.customerId}$`), async (route) => {
    if (!route.request().url().includes('/api/')) return route.continue()
    const response = await route.fetch()
    const customer = (await response.json()) as { services: { id: string; field: string }[] }
    const [line] = customer.services
    const services = Array.from({ length: 30 }, (_, index) => ({ ...line, id: `s_${String(index).padStart(20, '0')}` }))
    await route.fulfill({ response, json: { ...customer, services } })
  })
  await page.goto(`${url()}/customers/${story.region}/${story.customerId}`)
  const customers = textsOf('customers', 'en')
  const lines = page.getByRole('complementary', { name: customers('customer.services') }).getByRole('listitem')
  await expect(lines).toHaveCount(6)
  await page.getByRole('button', { name: customers('service.more', { count: 24 }) }).press('Enter')
  await expect(lines).toHaveCount(30)
  await expect(lines.nth(6)).toBeFocused()
})

test('a question for a hidden value begins anew each time, and the projection of use is told once', async ({
  page,
}) => {
  const story = storyOf('near-allowance', 'co')
  await openConsole(page, 'agent', 'co', 'en')
  await page.goto(`${url()}/customers/${story.region}/${story.customerId}`)
  const sdk = textsOf('sdk', 'en')
  const dialog = page.getByRole('dialog', { name: sdk('ui.masked.title', { label: 'CC' }) })
  const show = page.getByRole('button', { name: sdk('ui.masked.show', { label: 'CC' }), exact: true })
  await show.press('Enter')
  await dialog.getByRole('textbox').fill('short')
  await page.keyboard.press('Enter')
  await expect(dialog.getByText(sdk('ui.masked.reason.short', { count: 8 }))).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await show.press('Enter')
  await expect(dialog.getByRole('textbox')).toHaveValue('')
  await expect(dialog.getByRole('textbox')).not.toHaveAttribute('aria-invalid')
  await page.keyboard.press('Escape')

  const usage = page.locator('[data-panel=usage]')
  await expect(usage.locator('.dc-meter__rate')).toHaveCount(1)
  // What is nearly used up looks so, however far the projection goes.
  const width = async (part: string) => (await usage.locator(part).first().boundingBox())?.width ?? 0
  expect(await width('.dc-meter__fill')).toBeGreaterThan((await width('.dc-meter__bar')) / 2)

  const [ofTheBar] = sdk('ui.meter.projection', { value: '#' }).split('#')
  await expect(usage).not.toContainText(ofTheBar as string)
})

test('a tab that closes leaves the others in their places, and the focus on the page', async ({ page }) => {
  await openConsole(page, 'agent', 'co', 'en')
  const stories = ['healthy', 'near-allowance', 'heavy-user'].map((story) => storyOf(story, 'co'))
  const tabs = page.getByRole('navigation', { name: textsOf('customers', 'en')('tabs.label') }).getByRole('link')
  for (const [before, { region, customerId, familyNames }] of stories.entries()) {
    await page.goto(`${url()}/customers/${region}/${customerId}`)
    await expect(page.getByRole('heading', { level: 1 })).toContainText(familyNames)
    if (before > 0) await expect(tabs).toHaveCount(before + 1)
  }
  await page.route('**/plugins/customers/summaries', (route) => route.abort())
  await page.getByRole('button', { name: new RegExp(stories[0]?.familyNames ?? '') }).press('Enter')
  await expect(page.locator('[data-autofocus]')).toBeFocused()
  await expect(tabs).toHaveCount(2)
})

function mobileOf(story: Story): string {
  const service = story.services.find(({ technology }) => technology === 'mobile')
  if (!service) throw new Error(`${story.story} has no mobile line`)
  return service.serviceId
}

async function openByPhone(page: Page, story: Story, locale: Locale): Promise<void> {
  const customers = textsOf('customers', locale)
  await goToCustomers(page)
  const field = page.getByRole('combobox', { name: customers('search.label') })
  await expect(field).toBeFocused()
  await page.keyboard.type(story.phone)
  await expect(page.getByRole('option').filter({ hasText: story.familyNames.split(' ')[0] as string })).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/customers/${story.region}/${story.customerId}`))
}

function startReplay(customer: string, service: string) {
  const options = ['--customer', customer, '--service', service, '--speed', '20', '--url', url()]
  // Not through npm: a signal to npm does not end what it runs.
  const program = [path.join(root, 'plugins/diagnostics/tools/replay.ts'), trace, ...options]
  return spawn(path.join(root, 'node_modules/.bin/node'), program, { cwd: root, stdio: 'ignore' })
}
