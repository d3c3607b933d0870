import { parse, type MessageFormatElement, TYPE } from '@formatjs/icu-messageformat-parser'
import { type Catalogues, isDelta, localeChain, locales as allLocales } from './locales.ts'

type CatalogueCase =
  | 'missing'
  | 'empty'
  | 'orphan'
  | 'redundant'
  | 'parse'
  | 'parse.text'
  | 'arguments'
  | 'plural.foreign'
  | 'plural.one'
  | 'markup'
  | 'unused'
  | 'unknown'

/** One finding of the catalogue check; `rule` is stable and documented beside the check that reports it. */
export interface CatalogueFinding {
  readonly rule:
    | 'missing'
    | 'empty'
    | 'orphan'
    | 'redundant'
    | 'parse'
    | 'arguments'
    | 'plural'
    | 'markup'
    | 'unused'
    | 'unknown'
  readonly locale: string
  readonly id: string
  readonly detail: string
  /** The rule and, behind a point, the case: by it and `params` the detail can be told in any language. */
  readonly code: CatalogueCase
  readonly params: Readonly<Record<string, string>>
}

export interface CatalogueCheckOptions {
  readonly locales?: readonly string[]
  /** The catalogue that the argument names and types of all others are compared with. */
  readonly source?: string
  /** Ids found in the plugin's source; when given, catalogue ids nobody uses and used ids nobody defines are reported. */
  readonly usedIds?: ReadonlySet<string>
}

/**
 * Rules I1 and I2 for one plugin's catalogues: every id resolves in every locale through its chain and never in another
 * language, deltas hold only differences, every message parses as ICU, has the source's argument names and types, plural
 * categories that the locale has (Unicode CLDR through Intl.PluralRules), and no markup.
 */
export function checkCatalogues(catalogues: Catalogues, options: CatalogueCheckOptions = {}): CatalogueFinding[] {
  const { locales = allLocales, source = 'es', usedIds } = options
  const ids = new Set(locales.filter((locale) => !isDelta(locale)).flatMap((l) => Object.keys(catalogues[l] ?? {})))
  return [
    ...locales.flatMap((locale) => checkCompleteness(catalogues, locale, ids)),
    ...locales.flatMap((locale) => checkMessages(catalogues, locale, source)),
    ...(usedIds === undefined ? [] : checkUse(ids, usedIds, source)),
  ]
}

function checkCompleteness(catalogues: Catalogues, locale: string, ids: ReadonlySet<string>): CatalogueFinding[] {
  const chain = localeChain(locale)
  if (isDelta(locale)) {
    const [, parent = ''] = chain
    return Object.entries(catalogues[locale] ?? {}).flatMap(([id, message]): CatalogueFinding[] => {
      const above = messageIn(catalogues, parent, id)
      if (above === undefined) return [finding('orphan', locale, id, `is not in ${parent}`, { parent })]
      return above === message ? [finding('redundant', locale, id, `equals ${parent}`, { parent })] : []
    })
  }
  return [...ids]
    .filter((id) => messageIn(catalogues, locale, id) === undefined)
    .map((id) => finding('missing', locale, id, `is not in ${locale}`))
}

function checkMessages(catalogues: Catalogues, locale: string, source: string): CatalogueFinding[] {
  return Object.entries(catalogues[locale] ?? {}).flatMap(([id, message]): CatalogueFinding[] => {
    const elements = tryParse(message)
    if (typeof message !== 'string') return [finding('parse.text', locale, id, 'is not a text')]
    if (typeof elements === 'string')
      return [finding('parse', locale, id, `is no ICU message (${elements})`, { why: elements })]
    if (message.trim() === '') return [finding('empty', locale, id, 'says nothing')]
    const findings = pluralFindings(elements, locale, id)
    if (/<\/?[a-z][^>]*>/i.test(message)) findings.push(finding('markup', locale, id, 'holds HTML'))
    const sourceMessage = messageIn(catalogues, source, id)
    const reference = tryParse(sourceMessage ?? '')
    const expected = typeof reference === 'string' ? undefined : signature(reference)
    const actual = signature(elements)
    if (expected !== undefined && sourceMessage !== undefined && expected !== actual) {
      const detail = `has {${actual}}, ${source} has {${expected}}`
      const params = { actual: `{${actual}}`, source, expected: `{${expected}}` }
      findings.push(finding('arguments', locale, id, detail, params))
    }
    return findings
  })
}

/** `one` may not be left out where the language has it; `many` may, since it falls back to `other`. */
function pluralFindings(elements: readonly MessageFormatElement[], locale: string, id: string): CatalogueFinding[] {
  return flatten(elements).flatMap((element): CatalogueFinding[] => {
    if (element.type !== TYPE.plural) return []
    const type = element.pluralType ?? 'cardinal'
    const categories: string[] = new Intl.PluralRules(locale, { type }).resolvedOptions().pluralCategories
    const used = Object.keys(element.options).filter((key) => !key.startsWith('='))
    const foreign = used.filter((key) => !categories.includes(key))
    const argument = `{${element.value}}`
    const findings = foreign.map((category) => {
      const detail = `category "${category}" of ${argument} does not exist in ${locale}`
      return finding('plural.foreign', locale, id, detail, { argument, category })
    })
    if (categories.includes('one') && !used.includes('one') && element.options['=1'] === undefined) {
      findings.push(finding('plural.one', locale, id, `${argument} lacks category "one"`, { argument }))
    }
    return findings
  })
}

function checkUse(ids: ReadonlySet<string>, used: ReadonlySet<string>, locale: string): CatalogueFinding[] {
  return [
    ...[...ids].filter((id) => !used.has(id)).map((id) => finding('unused', locale, id, 'nobody uses it')),
    ...[...used].filter((id) => !ids.has(id)).map((id) => finding('unknown', locale, id, 'is used but not defined')),
  ]
}

function finding(
  code: CatalogueCase,
  locale: string,
  id: string,
  detail: string,
  params: Readonly<Record<string, string>> = {},
): CatalogueFinding {
  return { rule: code.split('.')[0] as CatalogueFinding['rule'], locale, id, detail, code, params }
}

/** Not what every object has by that name. */
function messageIn(catalogues: Catalogues, locale: string, id: string): string | undefined {
  const catalogue = catalogues[locale]
  return catalogue !== undefined && Object.hasOwn(catalogue, id) ? catalogue[id] : undefined
}

function tryParse(message: unknown): MessageFormatElement[] | string {
  if (typeof message !== 'string') return 'is not a text'
  try {
    return parse(message, { ignoreTag: true, captureLocation: false })
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function flatten(elements: readonly MessageFormatElement[]): MessageFormatElement[] {
  return elements.flatMap((element) =>
    element.type === TYPE.plural || element.type === TYPE.select
      ? [element, ...Object.values(element.options).flatMap((option) => flatten(option.value))]
      : [element],
  )
}

/** Argument names with their types, sorted; a plural counts as a number. */
function signature(elements: readonly MessageFormatElement[]): string {
  const types = new Map<string, string>()
  for (const element of flatten(elements)) {
    const kind = kinds[element.type]
    if (kind === undefined || element.type === TYPE.pound) continue
    // A plural may show its own count as a bare {n} too.
    if (kind !== 'value' || !types.has(element.value)) types.set(element.value, kind)
  }
  return [...types]
    .map(([name, type]) => `${name}:${type}`)
    .sort()
    .join(', ')
}

const kinds: Partial<Record<TYPE, string>> = {
  [TYPE.argument]: 'value',
  [TYPE.number]: 'number',
  [TYPE.date]: 'date',
  [TYPE.time]: 'time',
  [TYPE.select]: 'select',
  [TYPE.plural]: 'number',
}
