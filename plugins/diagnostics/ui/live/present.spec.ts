import { createI18n } from '@dcesop/sdk-plugin/i18n'
import { formatBeside, meaningOf } from './present.ts'

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
})
