import { createI18n } from '../../i18n/index.ts'
import type { I18n } from '../host.ts'
import en from '../locales/en.json'
import esCO from '../locales/es-CO.json'
import esMX from '../locales/es-MX.json'
import es from '../locales/es.json'
import ptBR from '../locales/pt-BR.json'
import { useClock } from '../unit/clock.ts'
import { useI18nSource } from '../unit/injection.ts'
import { reactiveI18n } from '../unit/use-i18n.ts'

const catalogues = { es, 'es-MX': esMX, 'es-CO': esCO, 'pt-BR': ptBR, en }
const byLocale = new Map<string, I18n>()

function textsOf(locale: string): I18n {
  let texts = byLocale.get(locale)
  if (texts === undefined) {
    texts = createI18n({ locale, catalogues })
    byLocale.set(locale, texts)
  }
  return texts
}

/** The library's own texts, in the language of the app around the component. */
export function useUiText(): I18n {
  const source = useI18nSource()
  return reactiveI18n(() => textsOf(source().locale), useClock())
}
