import { negotiateLocale } from './negotiate.ts'

test.each([
  [['es-MX'], 'es-MX'],
  [['es-AR'], 'es'],
  [['es-419'], 'es'],
  [['pt'], 'pt-BR'],
  [['pt-PT'], 'pt-BR'],
  [['EN-us'], 'en'],
  [[undefined, null, 'en'], 'en'],
  [[undefined, 'es-CO', 'en'], 'es-CO'],
  [['fr-FR,fr;q=0.9,en;q=0.5,pt-BR;q=0.8'], 'pt-BR'],
  [['en;q=0, es-MX'], 'es-MX'],
  [['fr', '*'], 'es'],
  [[], 'es'],
])('%j becomes %s', (preferences, expected) => {
  expect(negotiateLocale(preferences)).toBe(expected)
})
