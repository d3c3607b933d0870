import { checkCatalogues, createI18n } from '@dcesop/sdk-plugin/i18n'
import en from './en.json'
import esCO from './es-CO.json'
import esMX from './es-MX.json'
import es from './es.json'
import ptBR from './pt-BR.json'

it('every text of the shell is there in every language, parses, and takes the same values', () => {
  expect(checkCatalogues({ es, 'es-MX': esMX, 'es-CO': esCO, 'pt-BR': ptBR, en })).toEqual([])
})

it.each([
  ['es', 0, 1, 'Queda 1 segundo'],
  ['es', 1, 30, 'Queda 1 minuto y 30 segundos'],
  ['es', 2, 0, 'Quedan 2 minutos y 0 segundos'],
  ['pt-BR', 0, 30, 'Faltam 30 segundos'],
  ['pt-BR', 1, 1, 'Falta 1 minuto e 1 segundo'],
])('what is left of a session is a whole sentence, in %s for %d min %d s', (locale, minutes, seconds, said) => {
  expect(createI18n({ locale, catalogues: { es, 'pt-BR': ptBR } }).t('shell.expiry.left', { minutes, seconds })).toBe(
    said,
  )
})
