import { createI18n } from '../i18n/create-i18n.ts'
import { listFormat } from '../i18n/intl-cache.ts'
import { localeChain } from '../i18n/locales.ts'
import type { FindingMessage, FindingTexts } from './locales/en.ts'

export type FindingCode = Exclude<FindingMessage, `${string}.fix`>

/** A list holds alternatives. */
export type FindingParams = Readonly<Record<string, string | number | readonly string[]>>

/** What a finding says besides its sentences in English. */
export interface CodedFinding {
  /** The rule and, behind a point, the case. Missing where only the sentences are known. */
  readonly code?: string
  readonly params?: FindingParams
}

/** Makes sentences of codes in one language; undefined for a code that is not known here. */
export function findingTexts(
  locale: string,
  texts: FindingTexts,
): (finding: CodedFinding) => { evidence: string; fix: string } | undefined {
  const { t } = createI18n({ locale, catalogues: { [localeChain(locale).at(-1) as string]: texts } })
  const shown = (value: FindingParams[string]) =>
    typeof value === 'object' ? listFormat(locale, { type: 'disjunction' }).format(value) : value
  return ({ code, params = {} }) => {
    if (code === undefined || !Object.hasOwn(texts, code)) return undefined
    const values = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shown(value)]))
    const own = `${code}.fix`
    const fix = Object.hasOwn(texts, own) ? own : `${code.split('.')[0]}.fix`
    return { evidence: t(code, values), fix: t(fix, values) }
  }
}
