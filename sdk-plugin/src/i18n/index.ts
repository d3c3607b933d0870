export { checkCatalogues, type CatalogueCheckOptions, type CatalogueFinding } from './check-catalogues.ts'
export { createI18n, type I18nOptions, type I18nProblem } from './create-i18n.ts'
export {
  type Catalogue,
  type Catalogues,
  defaultLocale,
  isDelta,
  localeChain,
  locales,
  pseudoLocale,
} from './locales.ts'
export { negotiateLocale } from './negotiate.ts'
export { pseudoCatalogue, pseudoLocalize } from './pseudo.ts'
