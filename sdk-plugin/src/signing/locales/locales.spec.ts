import { checkCatalogues } from '../../i18n/index.ts'
import { checkTime, distrust, type TrustError } from '../trust-error.ts'
import { trustTexts } from '../trust-text.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { ptBR } from './pt-BR.ts'

describe('reasons not to believe', () => {
  it('have every sentence in every language, with the same parameters', () => {
    const locales = ['es', 'pt-BR', 'en']
    expect(checkCatalogues({ es, 'pt-BR': ptBR, en }, { locales, source: 'en' })).toEqual([])
  })

  it('are told in other languages, with their parts', () => {
    const why = { id: 'why.unknown', params: { keyid: 'k1' } } as const
    const error = distrust('key_not_valid', 'not-believed', { what: { id: 'what.snapshot' }, why })
    expect(error.message).toBe("The snapshot is not believed: key k1 is not in the registry's list.")
    const told = error.told as NonNullable<TrustError['told']>
    expect(trustTexts('es', es)(told)).toBe(
      'El estado del registro no es de confianza: la clave k1 no está en la lista del registro.',
    )
    expect(trustTexts('pt-BR', ptBR)(told)).toBe(
      'O estado do registro não é de confiança: a chave k1 não está na lista do registro.',
    )
  })

  it('have plurals', () => {
    const old = (days: number) => distrust('expired', 'bundle.old', { issuedAt: '2026-01-01', days })
    expect([old(1).message, old(30).message].map((text) => text.split(', ')[1])).toEqual([
      'more than 1 day ago.',
      'more than 30 days ago.',
    ])
    expect(trustTexts('es', es)(old(1).told as NonNullable<TrustError['told']>)).toContain('más de 1 día.')
    const time = new Date('2026-01-01T00:00:00Z')
    expect(() => checkTime({ id: 'what.feed' }, time, new Date('2027-01-01'), null)).toThrow('5 minutes of difference')
  })
})
