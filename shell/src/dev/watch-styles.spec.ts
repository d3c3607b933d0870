/** @jest-environment jsdom */
import { globalRuntimeSelectors } from './runtime-styles.ts'
import { type StyleProblem, watchStyles } from './watch-styles.ts'

/** As CSS-in-JS libraries do it: an empty element, and rules by script. */
function insert(...rules: string[]): void {
  const { sheet } = document.head.appendChild(document.createElement('style'))
  if (!sheet) throw new Error('There is no stylesheet.')
  for (const rule of rules) sheet.insertRule(rule, sheet.cssRules.length)
}

beforeEach(() => jest.useFakeTimers())
afterEach(() => {
  document.head.replaceChildren()
  jest.useRealTimers()
})

describe('selectors that scripts put in', () => {
  it.each([
    ['h1 { color: red }', ['h1']],
    ['.css-1a2b3c, [data-plugin="radio"] p { color: red }', ['.css-1a2b3c']],
    ['[data-plugin="other"] p { color: red }', ['[data-plugin="other"] p']],
    ['p:not([data-plugin="radio"]) { color: red }', ['p:not([data-plugin="radio"])']],
    ['@media print { body { color: red } }', ['body']],
    ['[data-plugin="radio"] :is(a, b) { color: red }', []],
    ['.p-radio p, .p-radio-x p { color: red }', ['.p-radio-x p']],
    ['[data-plugin="radio"]:not(.x) { color: red }', []],
    ['.box[data-v-1a2b] { color: red }', []],
    ['@keyframes spin { from { opacity: 0 } to { opacity: 1 } }', []],
  ])('%s: %j', (rule, expected) => {
    insert(rule)
    expect(globalRuntimeSelectors(document, ['radio'])).toEqual(expected)
  })

  it('are those of adopted sheets, too, and not of files', () => {
    const sheet = (href: string | null) => ({ href, cssRules: [{ selectorText: 'h1' }] }) as unknown as CSSStyleSheet
    const styleSheets = [sheet('http://localhost/ui/radio/1.css')] as unknown as StyleSheetList
    expect(globalRuntimeSelectors({ styleSheets, adoptedStyleSheets: [] }, ['radio'])).toEqual([])
    expect(globalRuntimeSelectors({ styleSheets, adoptedStyleSheets: [sheet(null)] }, ['radio'])).toEqual(['h1'])
  })
})

describe('while a build in development is shown', () => {
  it('its author is told once of each selector, and of nothing that was there before', () => {
    const told: StyleProblem[] = []
    insert('h1 { color: red }')
    const stop = watchStyles(
      document,
      () => ['radio'],
      (problem) => told.push(problem),
    )
    jest.advanceTimersByTime(5000)
    expect(told).toEqual([])
    insert('h2 { color: red }', 'h3 { color: red }')
    jest.advanceTimersByTime(5000)
    expect(told).toEqual([{ kind: 'global', selectors: ['h2', 'h3'] }])
    stop()
    insert('h4 { color: red }')
    jest.advanceTimersByTime(5000)
    expect(told).toHaveLength(1)
  })

  it('its author is told once that texts of styles are blocked', () => {
    const told: StyleProblem[] = []
    const stop = watchStyles(
      document,
      () => ['radio'],
      (problem) => told.push(problem),
    )
    const violation = (effectiveDirective: string) =>
      document.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), { effectiveDirective }))
    violation('img-src')
    violation('style-src-elem')
    violation('style-src-elem')
    stop()
    expect(told).toEqual([{ kind: 'blocked' }])
  })
})
