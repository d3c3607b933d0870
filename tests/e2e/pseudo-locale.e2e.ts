import { expect, type Page, test } from '@playwright/test'
import { openConsole, url } from '../support/console.ts'
import { storyOf } from '../support/stories.ts'
import { textsOf } from '../support/texts.ts'

const customer = `/customers/co/${storyOf('degraded-fibre-power', 'co').customerId}`
const visits: readonly { role: string; region: string; pages: readonly (readonly [path: string, ready: string])[] }[] =
  [
    {
      role: 'agent',
      region: 'co',
      pages: [
        ['/', '.recent, .dc-muted'],
        ['/customers', '[role=combobox]'],
        [customer, '[data-panel=health] .dc-tile'],
        ['/network', 'table'],
        ['/nowhere', '.dc-state'],
      ],
    },
    {
      role: 'registry-admin',
      region: 'co',
      pages: [
        ['/plugins', 'table'],
        ['/plugins/diagnostics', '[role=tabpanel] table'],
        ['/plugins/diagnostics?tab=settings', '[data-pointer]'],
        ['/admin/plugins', 'table'],
      ],
    },
  ]

for (const { role, region, pages } of visits)
  test(`every word that ${role} sees comes from a catalogue or from the data`, async ({ page }) => {
    const data = new Set<string>()
    await page.addInitScript(keepAnswers)
    await openConsole(page, role, region, 'es')
    await usePseudoLocale(page)
    const hardCoded: string[] = []
    const cutOff: string[] = []
    for (const [path, ready] of pages) {
      await page.goto(url() + path)
      await expect(page.locator('html')).toHaveAttribute('lang', 'qps-ploc')
      await expect(page.locator(ready).first()).toBeVisible()
      const shown = await page.evaluate(unmarked)
      await addData(page, data)
      for (const words of shown) if (!isData(words, data)) hardCoded.push(`${path}: ${words}`)
      cutOff.push(...(await page.evaluate(clipped)).map((words) => `${path}: ${words}`))
    }
    expect([...new Set(hardCoded)]).toEqual([])
    expect([...new Set(cutOff)]).toEqual([])
  })

test('a page is in the navigation by its name only, also when its texts come late', async ({ page }) => {
  await openConsole(page, 'agent', 'co', 'es')
  await page.addInitScript(() => {
    const seen = new Set<string>()
    Object.assign(globalThis, { seen })
    const look = () => {
      for (const item of document.querySelectorAll('nav a')) seen.add(item.textContent.trim())
    }
    new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })
  })
  let late = 0
  await page.route(/\/locales\/[^/]+\.json$/, async (route) => {
    late++
    await new Promise((resolve) => setTimeout(resolve, 500))
    await route.continue()
  })
  await page.goto(`${url()}/nowhere`)
  await expect(
    page.locator('nav a', { hasText: textsOf('customers', 'es')('page.search.title') }).first(),
  ).toBeVisible()
  const seen = await page.evaluate(() => [...(globalThis as unknown as { seen: Set<string> }).seen])
  expect(late).toBeGreaterThan(0)
  expect(seen).not.toContain('customers')
  expect(seen).not.toContain('diagnostics')
})

/** Every message is in brackets then. Nobody chooses it, so it is where a choice would be kept. */
async function usePseudoLocale(page: Page): Promise<void> {
  await page.route('**/api/me/preferences/appearance', (route) =>
    route.request().method() === 'GET' ? route.fulfill({ json: { value: { locale: 'qps-ploc' } } }) : route.abort(),
  )
  // From the next page on it is there before anything is painted.
  await page.reload()
  await expect(page.locator('html')).toHaveAttribute('lang', 'qps-ploc')
}

/** Keeps every answer of the server in the page that asked for it: one that is read from outside may be gone with its page. */
const keepAnswers = (): void => {
  const answers: Promise<unknown>[] = []
  const ask = globalThis.fetch
  globalThis.fetch = async (...request) => {
    const response = await ask(...request)
    const json = response.headers.get('content-type')?.includes('json')
    if (json && new URL(response.url).pathname.startsWith('/api/')) answers.push(response.clone().json())
    return response
  }
  const answersKept = async () => {
    const settled = await Promise.allSettled(answers)
    // The page itself aborts what it no longer wants, and shows nothing of it.
    return settled.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  }
  Object.assign(globalThis, { answersKept })
}

/** Adds every string that the server sent to the page at hand: names, plans, places. */
async function addData(page: Page, data: Set<string>): Promise<void> {
  const collect = (value: unknown): void => {
    if (typeof value === 'string') data.add(value.trim())
    else if (value !== null && typeof value === 'object') for (const each of Object.values(value)) collect(each)
  }
  collect(await page.evaluate(() => (globalThis as unknown as { answersKept(): Promise<unknown> }).answersKept()))
}

/** Visible text, labels and hints outside of brackets, but for what says by itself that it is no language. */
function unmarked(): string[] {
  const found = new Set<string>()
  const add = (text: string | null | undefined) => {
    let [rest, before] = [text ?? '', '']
    // A message may have others in it, and those others.
    while (rest !== before) [rest, before] = [rest.replaceAll(/\[[^[\]]*\]/g, ' '), rest]
    if (/\p{L}{2}/u.test(rest)) found.add(rest.trim())
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const parent = node.parentElement
    if (parent?.checkVisibility() && !parent.closest('script, style, noscript, kbd, .sh-brand, option[lang], time'))
      add(node.nodeValue)
  }
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]'))
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) add(element.getAttribute(name))
  return [...found]
}

/** Longer text that is cut off, and stands nowhere whole. */
function clipped(): string[] {
  return [...document.querySelectorAll<HTMLElement>('body *')]
    .filter((element) => /hidden|clip/.test(getComputedStyle(element).overflowX) && !element.closest('.dc-hidden, svg'))
    .filter((element) => element.clientWidth > 2 && element.scrollWidth > element.clientWidth + 1)
    .filter((element) => element.innerText.trim() !== '' && !element.closest('[title], a[href], button'))
    .map((element) => `${element.className || element.tagName}: ${element.innerText.trim().slice(0, 80)}`)
}

/** What `Intl` writes by itself: ages, days with their zone, money, sizes, names of countries and languages; and initials. */
const formats = [
  /^hace \d+ \p{L}+$/u,
  /^\d{1,2} \p{L}{3,4} \d{4}, \d{1,2}:\d{2}(?: \(hora [^)]+\))?$/u,
  /^[\d.]+ [A-Z]{3}$/,
  /^ms$/,
  /^[\d.,]+\s[kMG]?B$/,
  /^(?:Colombia|Spanish)$/,
  /^\p{Lu}{2}$/u,
]

/** Whether nothing is left but what came from the server and what `Intl` wrote. */
function isData(words: string, data: ReadonlySet<string>): boolean {
  // A part of it, such as a unit, may have come from the server as well.
  if (formats.some((format) => format.test(words))) return true
  const known = [...data].filter(({ length }) => length > 2).toSorted((a, b) => b.length - a.length)
  const rest = known.reduce((left, datum) => left.replaceAll(datum, ','), words)
  const parts = formats.some((format) => format.test(rest)) ? [] : rest.split(/[·,()]/)
  return parts.every((part) => !/\p{L}{2}/u.test(part) || formats.some((format) => format.test(part.trim())))
}
