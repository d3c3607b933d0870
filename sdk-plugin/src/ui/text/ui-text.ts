import en from '../locales/en.json'
import esCO from '../locales/es-CO.json'
import esMX from '../locales/es-MX.json'
import es from '../locales/es.json'
import ptBR from '../locales/pt-BR.json'
import { ownTexts } from './own-text.ts'

/** The library's own texts. */
export const useUiText = ownTexts({ es, 'es-MX': esMX, 'es-CO': esCO, 'pt-BR': ptBR, en })
