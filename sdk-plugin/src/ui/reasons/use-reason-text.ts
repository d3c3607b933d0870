import { ownTexts, textsByLocale } from '../text/own-text.ts'
import en from './locales/en.json'
import es from './locales/es.json'
import ptBR from './locales/pt-BR.json'
import { type ReasonText, reasonText, type ToldReason } from './reason-text.ts'

const useReasons = ownTexts(textsByLocale({ es, 'pt-BR': ptBR, en }))

/** Puts what the host tells of its reasons into the person's language. */
export function useReasonText(): (told: ToldReason) => ReasonText {
  const i18n = useReasons()
  return (told) => reasonText(i18n, (id) => Object.hasOwn(es, id), told)
}
