import { checkCatalogues } from '@dcesop/sdk-plugin/i18n'
import en from './en.json'
import esCO from './es-CO.json'
import esMX from './es-MX.json'
import es from './es.json'
import ptBR from './pt-BR.json'

it('every text of the shell is there in every language, parses, and takes the same values', () => {
  expect(checkCatalogues({ es, 'es-MX': esMX, 'es-CO': esCO, 'pt-BR': ptBR, en })).toEqual([])
})
