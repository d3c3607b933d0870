import { IntlMessageFormat } from 'intl-messageformat'
import type { I18n } from './i18n.ts'
import { formatDate, formatMoney, formatRelative, formatUnit } from './format.ts'
import { listFormat, numberFormat } from './intl-cache.ts'
import { type Catalogues, defaultLocale, localeChain, pseudoLocale } from './locales.ts'
import { pseudoLocalize } from './pseudo.ts'

/** What `t` could not do: no message in the chain, or a message that does not format with the values given. */
export interface I18nProblem {
  readonly kind: 'missing' | 'format'
  readonly locale: string
  readonly id: string
  readonly error?: unknown
}

export interface I18nOptions {
  /** A supported locale or `qps-ploc`. */
  readonly locale: string
  readonly catalogues: Catalogues
  /** Called once per id; the id itself is shown, never another language. */
  readonly onProblem?: (problem: I18nProblem) => void
  readonly now?: () => Date
}

/** Keyed by locale and message: equal texts of many plugins share one parsed formatter. */
const messageFormats = new Map<string, IntlMessageFormat>()

/** Texts, numbers, dates and money of one locale. Immutable; a language switch makes a new one. */
export function createI18n({ locale, catalogues, onProblem, now = () => new Date() }: I18nOptions): I18n {
  const pseudo = locale === pseudoLocale
  const formatLocale = pseudo ? defaultLocale : locale
  const chain = localeChain(locale)
  const reported = new Set<string>()

  function report(problem: I18nProblem): string {
    if (!reported.has(problem.id)) {
      reported.add(problem.id)
      onProblem?.(problem)
    }
    return problem.id
  }

  function t(id: string, values?: Readonly<Record<string, unknown>>): string {
    const message = lookUp(catalogues, chain, id)
    if (message === undefined) return report({ kind: 'missing', locale, id })
    try {
      const text = pseudo ? pseudoLocalize(message) : message
      return oneFullStop(String(formatterOf(formatLocale, text).format(values as Record<string, string>)))
    } catch (error) {
      return report({ kind: 'format', locale, id, error })
    }
  }

  return {
    locale,
    t,
    n: (value, options = {}) => numberFormat(formatLocale, options).format(value),
    d: (value, options = { dateStyle: 'medium', timeStyle: 'short' }) =>
      formatDate(formatLocale, toDate(value), options),
    money: (minorUnits, currency) => formatMoney(formatLocale, minorUnits, currency),
    list: (items) => listFormat(formatLocale, { type: 'conjunction' }).format(items),
    relTime: (value) => formatRelative(formatLocale, toDate(value), now()),
    unit: (value, unit, digits) => formatUnit(formatLocale, value, unit, digits),
  }
}

function lookUp(catalogues: Catalogues, chain: readonly string[], id: string): string | undefined {
  for (const locale of chain) {
    const catalogue = catalogues[locale]
    if (catalogue !== undefined && Object.hasOwn(catalogue, id)) return catalogue[id]
  }
  return undefined
}

function formatterOf(locale: string, message: string): IntlMessageFormat {
  const key = `${locale}|${message}`
  let formatter = messageFormats.get(key)
  if (formatter === undefined) {
    formatter = new IntlMessageFormat(message, locale, undefined, { ignoreTag: true })
    messageFormats.set(key, formatter)
  }
  return formatter
}

/** The point of an abbreviation is also the full stop: "12:00 a.m." ends its sentence (RAE, Ortografía, 3.4.1). */
function oneFullStop(text: string): string {
  return text.replace(/(?<=[\p{L}\p{N}\p{Pe}\p{Pf}"'%])\.\.(?=$|[\s\p{Pe}\p{Pf}"'<])/gu, '.')
}

function toDate(value: Date | string): Date {
  return typeof value === 'string' ? new Date(value) : value
}
