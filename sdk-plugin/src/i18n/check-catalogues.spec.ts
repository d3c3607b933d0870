import { checkCatalogues } from './check-catalogues.ts'

const good = {
  es: { hello: 'Hola, {name}', lines: '{n, plural, one {# línea} other {# líneas}}' },
  'es-MX': { hello: 'Qué tal, {name}' },
  'es-CO': {},
  'pt-BR': { hello: 'Olá, {name}', lines: '{n, plural, one {# linha} other {# linhas}}' },
  en: { hello: 'Hello, {name}', lines: '{n, plural, one {# line} other {# lines}}' },
}

function findings(changes: Record<string, Record<string, string | undefined>>): string[] {
  const merged = Object.fromEntries(
    Object.entries(good).map(([locale, catalogue]) => {
      const entries = Object.entries({ ...catalogue, ...changes[locale] }).filter(
        ([, message]) => message !== undefined,
      )
      return [locale, Object.fromEntries(entries) as Record<string, string>]
    }),
  )
  return checkCatalogues(merged).map(({ rule, locale, id }) => `${rule} ${locale} ${id}`)
}

test('complete catalogues have no findings', () => {
  expect(checkCatalogues(good)).toEqual([])
})

test.each([
  ['a message missing in one language', { 'pt-BR': { lines: undefined } }, ['missing pt-BR lines']],
  ['a message that only English has', { en: { extra: 'x' } }, ['missing es extra', 'missing pt-BR extra']],
  [
    'a message named as what every object has',
    { en: { constructor: 'x', toString: 'x' } },
    ['missing es constructor', 'missing es toString', 'missing pt-BR constructor', 'missing pt-BR toString'],
  ],
  ['a delta without a parent message', { 'es-MX': { lonely: 'x' } }, ['orphan es-MX lonely']],
  ['a delta equal to its parent', { 'es-CO': { hello: 'Hola, {name}' } }, ['redundant es-CO hello']],
  ['broken ICU', { en: { hello: 'Hello, {name' } }, ['parse en hello']],
  ['another argument name', { en: { hello: 'Hello, {nombre}' } }, ['arguments en hello']],
  ['another argument type', { en: { lines: '{n} lines' } }, ['arguments en lines']],
  [
    'a plural category of another language',
    { en: { lines: '{n, plural, one {#} few {#} other {#}}' } },
    ['plural en lines'],
  ],
  ['no singular', { es: { lines: '{n, plural, other {# líneas}}' } }, ['plural es lines']],
  ['markup', { es: { hello: '<b>Hola</b>, {name}' } }, ['markup es hello']],
])('%s is found', (_name, changes, expected) => {
  expect(findings(changes)).toEqual(expected)
})

test('ids nobody uses and ids nobody defines are found when the source is known', () => {
  const found = checkCatalogues(good, { usedIds: new Set(['hello', 'typo']) })
  expect(found.map(({ rule, id }) => `${rule} ${id}`)).toEqual(['unused lines', 'unknown typo'])
})
