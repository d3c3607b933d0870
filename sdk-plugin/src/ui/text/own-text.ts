import { type Catalogues, createI18n } from '../../i18n/index.ts'
import type { I18n } from '../host.ts'
import { useClock } from '../unit/clock.ts'
import { useI18nSource } from '../unit/injection.ts'
import { reactiveI18n } from '../unit/use-i18n.ts'

/** Texts of our own by locale; one I18n per locale. */
export function textsByLocale(catalogues: Catalogues): (locale: string) => I18n {
  const byLocale = new Map<string, I18n>()
  return (locale) => {
    let texts = byLocale.get(locale)
    if (texts === undefined) {
      texts = createI18n({ locale, catalogues })
      byLocale.set(locale, texts)
    }
    return texts
  }
}

/** Makes a composable for such texts, in the language of the app around the component. */
export function ownTexts(textsOf: (locale: string) => I18n): () => I18n {
  return () => {
    const source = useI18nSource()
    return reactiveI18n(() => textsOf(source().locale), useClock())
  }
}
