/** Where rules may be: a stylesheet, or a group of rules in one. */
type Rules = Pick<CSSStyleSheet, 'cssRules'>
type Sheets = Pick<Document, 'styleSheets'> & Partial<Pick<Document, 'adoptedStyleSheets'>>

/**
 * Selectors of styles that scripts put in, bound neither to a component's scope nor to elements of one of these plugins. What came as
 * a file is left out: `dcesop check` reads those, by the same rule.
 */
export function globalRuntimeSelectors(document: Sheets, plugins: readonly string[]): string[] {
  const sheets = [...document.styleSheets, ...(document.adoptedStyleSheets ?? [])]
  const found = sheets.filter(({ href }) => !href).flatMap((sheet) => globalIn(sheet, plugins))
  return [...new Set(found)]
}

function globalIn({ cssRules }: Rules, plugins: readonly string[]): string[] {
  return [...cssRules].flatMap((rule) => {
    if (isStyleRule(rule)) return selectorsIn(rule.selectorText).filter((selector) => !isBound(selector, plugins))
    return isGroup(rule) ? globalIn(rule, plugins) : []
  })
}

/** By their form, since not every browser knows all of their classes. A nested rule is bound by the one around it. */
function isStyleRule(rule: CSSRule): rule is CSSStyleRule {
  return 'selectorText' in rule
}

function isGroup(rule: CSSRule): rule is CSSGroupingRule {
  return 'cssRules' in rule
}

/** What stands in `:not()` or `:has()` binds nothing. */
function isBound(selector: string, plugins: readonly string[]): boolean {
  const outside = selector.replace(/:(?:not|has)\((?:[^()]|\([^()]*\))*\)/g, '')
  const isOf = (id: string) => new RegExp(`\\[data-plugin=["']?${id}["']?\\]|\\.p-${id}(?![\\w-])`).test(outside)
  return /\[data-v-/.test(outside) || plugins.some(isOf)
}

/** The parts of a list of selectors; a comma in brackets divides nothing. */
function selectorsIn(list: string): string[] {
  const parts = ['']
  let depth = 0
  for (const letter of list) {
    if ('(['.includes(letter)) depth += 1
    if (')]'.includes(letter)) depth -= 1
    if (letter === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += letter
  }
  return parts.map((part) => part.trim())
}
