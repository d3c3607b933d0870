import { createI18n } from '@dcesop/sdk-plugin/i18n'
import en from '../../locales/en.json'
import es from '../../locales/es.json'
import pt from '../../locales/pt-BR.json'
import { type Objection, objectionCodes, objectionText } from './objection.ts'

const catalogues = { en, es, 'pt-BR': pt }
const told = (objection: Objection, locale = 'pt-BR') =>
  objectionText(objection, createI18n({ locale, catalogues, onProblem: (problem) => fail(problem) }))
function fail(problem: object): never {
  throw new Error(JSON.stringify(problem))
}

const some = { plugin: 'billing', versions: ['1.1.0', '1.0.0'] }
const many = { plugin: 'billing', versions: ['1.2.0', '1.1.0', '1.0.0'] }

describe('why there is no plan', () => {
  it('has a message for each code, and no other', () => {
    const ids = Object.keys(es).filter((id) => id.startsWith('objection.') && id !== 'objection.versions')
    expect(ids).toEqual(objectionCodes.map((code) => `objection.${code}`))
  })

  it.each([
    ['wish_none', { plugin: 'billing', range: '^9' }, 'O pedido é billing na versão ^9, e não há nenhuma.'],
    [
      'consumes_none',
      { ...some, capability: 'customers.directory', range: '^3', providers: ['a', 'b', 'c'] },
      'billing 1.0.0 e 1.1.0 precisa de customers.directory ^3, e nenhuma versão de a, b e c o oferece.',
    ],
    [
      'barred_unapproved',
      { ...many, region: 'co' },
      'billing 1.0.0 … 1.2.0 (3 versões) não está aprovado para a Colômbia.',
    ],
  ])('%s is told in Portuguese', (code, params, text) => {
    expect(told({ text: 'It cannot be.', code, params })).toEqual({ text, lang: undefined })
  })

  it('is told in Spanish with its lists', () => {
    const params = { ...some, capability: 'x.y', range: '*', provider: 'able', providerVersions: many.versions }
    expect(told({ text: 'It cannot be.', code: 'consumes_from', params }, 'es').text).toBe(
      'billing 1.0.0 y 1.1.0 necesita x.y *; de able lo ofrece: 1.0.0 … 1.2.0 (3 versiones).',
    )
  })

  it('of an older registry, or with a code that is not known here, is its own sentence, marked as English', () => {
    const english = { text: 'It cannot be.', lang: 'en' }
    expect(told({ text: 'It cannot be.' })).toEqual(english)
    for (const code of ['versions', 'toString', 'of_a_newer_registry'])
      expect(told({ text: 'It cannot be.', code, params: {} })).toEqual(english)
  })
})
