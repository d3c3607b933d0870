import { languageName } from './language-name.ts'

it.each([
  ['es-CO', 'es-CO', 'Español (Colombia)'],
  ['pt-BR', 'pt-BR', 'Português (Brasil)'],
  ['es-CO', 'en', 'Spanish (Colombia)'],
])('%s in %s is %s', (tag, locale, name) => {
  expect(languageName(tag, locale)).toBe(name)
})
