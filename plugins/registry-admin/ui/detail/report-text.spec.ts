import { createI18n } from '@dcesop/sdk-plugin/i18n'
import en from '../../locales/en.json'
import es from '../../locales/es.json'
import pt from '../../locales/pt-BR.json'
import { reportText } from './report-text.ts'

const catalogues = { en, es, 'pt-BR': pt }
const at = '2026-11-22T21:00:00.000Z'
const languages = ['en', 'es', 'pt-BR'] as const

it('says in each language whether the publisher was told, and when', () => {
  const told = languages.map((locale) => {
    const i18n = createI18n({ locale, catalogues })
    const ended = (['reported', 'refused', 'given_up'] as const).map((state) => reportText({ state, at }, i18n))
    return [...ended, reportText({ state: 'waiting', at: null }, i18n)]
  })
  expect(new Set(told.flat()).size).toBe(12)
  expect(told.map(([reported]) => reported)).toEqual([
    expect.stringContaining('11/22/26'),
    expect.stringContaining('22/11/26'),
    expect.stringContaining('22/11/2026'),
  ])
  expect(told[0]).toEqual([
    'Reported to the publisher on 11/22/26, 9:00 PM',
    expect.stringContaining('did not take'),
    expect.stringContaining('could not be reported'),
    'Waiting to be reported to the publisher',
  ])
})
