import { createI18n } from './create-i18n.ts'
import { pseudoCatalogue, pseudoLocalize } from './pseudo.ts'

test('is bracketed, accented and at least 40 % longer', () => {
  const text = pseudoLocalize('Reiniciar equipo')
  expect(text).toMatch(/^\[.*\]$/)
  expect(text).not.toContain('a')
  expect(text.length - 2).toBeGreaterThanOrEqual(16 * 1.4)
})

test('arguments, plurals and selects still work', () => {
  const catalogue = pseudoCatalogue({
    lines: '{n, plural, one {# line} other {# lines}} of {who, select, me {me} other {all}}',
  })
  const { t } = createI18n({ locale: 'en', catalogues: { en: catalogue } })
  expect(t('lines', { n: 1, who: 'me' })).toMatch(/^\[1 ļîñé öƒ ɱé~+\]$/)
  expect(t('lines', { n: 3, who: 'x' })).toMatch(/^\[3 ļîñéš öƒ áļļ~+\]$/)
})
