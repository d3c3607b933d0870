import { ownTexts, textsByLocale } from '../text/own-text.ts'
import en from './locales/en.json'
import es from './locales/es.json'
import ptBR from './locales/pt-BR.json'

/** Texts of the gallery, apart from the library's so that only who opens it loads them. */
export const useGalleryText = ownTexts(textsByLocale({ es, 'pt-BR': ptBR, en }))
