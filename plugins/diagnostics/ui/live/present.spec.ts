import { createI18n } from '@dcesop/sdk-plugin/i18n'
import en from '../../locales/en.json'
import es from '../../locales/es.json'
import portuguese from '../../locales/pt-BR.json'
import { formatBeside, meaningOf, worstSeen } from './present.ts'

const catalogues = { es: { over: '{value}, por encima de {threshold}' } }
const i18n = createI18n({ locale: 'es-CO', catalogues }) as Parameters<typeof meaningOf>[0]

describe('a value beside its threshold', () => {
  it('has one digit, and more where that would make both the same', () => {
    expect(formatBeside(i18n, 4.26, 3, '%')).toBe('4,3%')
    expect(formatBeside(i18n, 3.04, 3, '%')).toBe('3,04%')
    expect(formatBeside(i18n, 3.004, 3, '%')).toBe('3,004%')
    expect(formatBeside(i18n, 3, 3, '%')).toBe('3,0%')
  })

  it('is told so in a message', () => {
    expect(meaningOf(i18n, { messageId: 'over', value: 3.04, threshold: 3, unit: '%' })).toBe(
      '3,04%, por encima de 3,0%',
    )
    expect(meaningOf(i18n, { messageId: 'over', value: 3.04, unit: '%' })).toBe('3,0%, por encima de ')
  })

  it.each([
    ['en', -27, /^-27\.0.dBm, at the limit of -27\.0.dBm: /],
    ['en', -28, /^-28\.0.dBm, below -27\.0.dBm: /],
    ['es', -27, /^-27,0.dBm, en el límite de -27,0.dBm: /],
    ['pt-BR', -27, /^-27,0.dBm, no limite de -27,0.dBm: /],
  ])('is not told as below or above the threshold when it is the threshold, in %s: %d', (locale, value, said) => {
    const own = createI18n({ locale, catalogues: { en, es, 'pt-BR': portuguese } }) as typeof i18n
    expect(meaningOf(own, { messageId: 'metric.opticalRx.critical', value, threshold: -27, unit: 'dBm' })).toMatch(said)
  })
})

it('a problem was never better than the value beside it', () => {
  const seen = { value: 163.7, samples: 9 }
  expect(worstSeen({ ...seen, worst: 163.7, threshold: 180 }, 163.6)).toBe(163.6)
  expect(worstSeen({ ...seen, worst: 163.7, threshold: 180 }, 190)).toBe(163.7)
  expect(worstSeen({ ...seen, worst: 4.2, threshold: 1 }, 5)).toBe(5)
  expect(worstSeen({ ...seen, worst: 4.2, threshold: 1 }, 0.2)).toBe(4.2)
  expect(worstSeen({ ...seen, worst: -27, threshold: -27 }, undefined)).toBe(-27)
})
