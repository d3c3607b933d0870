import { type Catalogues, createI18n } from '../../i18n/index.ts'
import type { I18n } from '../host.ts'
import { useClock } from '../unit/clock.ts'
import { useI18nSource } from '../unit/injection.ts'
import { reactiveI18n } from '../unit/use-i18n.ts'

/** Makes a composable for texts of our own, in the language of the app around the component; one I18n per locale. */
export function ownTexts(catalogues: Catalogues): () => I18n {
  const byLocale = new Map<string, I18n>()

  function textsOf(locale: string): I18n {
    let texts = byLocale.get(locale)
    if (texts === undefined) {
      texts = createI18n({ locale, catalogues })
      byLocale.set(locale, texts)
    }
    return texts
  }

  return () => {
    const source = useI18nSource()
    return reactiveI18n(() => textsOf(source().locale), useClock())
  }
}
