/** Locales the product speaks; es-MX and es-CO hold only what differs from es. */
export const locales = ['es', 'es-MX', 'es-CO', 'pt-BR', 'en'] as const
export const defaultLocale = 'es'
/** Test locale: every message accented, bracketed and 40 % longer, so that hard-coded or clipped text is seen. */
export const pseudoLocale = 'qps-ploc'

/** Messages of one locale: flat id to ICU MessageFormat text. */
export type Catalogue = Readonly<Record<string, string>>
export type Catalogues = Readonly<Record<string, Catalogue>>

const parents: Readonly<Record<string, string>> = { 'es-MX': 'es', 'es-CO': 'es', [pseudoLocale]: defaultLocale }

/** Where messages of a locale are looked up, nearest first. A chain never ends in another language. */
export function localeChain(locale: string): readonly string[] {
  const parent = parents[locale]
  return parent === undefined ? [locale] : [locale, ...localeChain(parent)]
}

/** True for a locale that inherits from another and therefore ships only differences. */
export function isDelta(locale: string): boolean {
  return parents[locale] !== undefined
}
