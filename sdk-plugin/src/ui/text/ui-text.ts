import en from '../locales/en.json'
import esCO from '../locales/es-CO.json'
import esMX from '../locales/es-MX.json'
import es from '../locales/es.json'
import ptBR from '../locales/pt-BR.json'
import { ownTexts, textsByLocale } from './own-text.ts'

/** The library's own texts in a language. */
export const uiTextOf = textsByLocale({ es, 'es-MX': esMX, 'es-CO': esCO, 'pt-BR': ptBR, en })
/** The library's own texts, in the language of the app around the component. */
export const useUiText = ownTexts(uiTextOf)
