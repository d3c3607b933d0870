import { createI18n } from '@dcesop/sdk-plugin/i18n'
import en from '../../locales/en.json'
import es from '../../locales/es.json'
import pt from '../../locales/pt-BR.json'
import { type CheckFinding, findingCodes, findingText } from './check-finding.ts'

const catalogues = { en, es, 'pt-BR': pt }
const english = { evidence: 'It bundles something.', fix: 'Do not.' }
const told = (finding: Omit<CheckFinding, 'evidence' | 'fix'>, locale = 'pt-BR') =>
  findingText({ ...english, ...finding }, createI18n({ locale, catalogues, onProblem: fail }))
function fail(problem: object): never {
  throw new Error(JSON.stringify(problem))
}

describe('what a check found', () => {
  it('has a message for each code, and no other', () => {
    const ids = Object.keys(es).filter((id) => id.startsWith('rule.') && !id.endsWith('.fix'))
    expect(ids.map((id) => id.slice('rule.'.length))).toEqual(findingCodes)
  })

  it('is told in the person’s language, with the lists of the language', () => {
    const params = { name: 'left-pad', version: '1.3.0', licences: ['GPL-3.0'], accepted: ['MIT', 'ISC'] }
    expect(told({ rule: 'licence-refused', code: 'licence-refused', params })).toEqual({
      text: '“left-pad” 1.3.0 está sob a licença GPL-3.0. Use outro pacote. São aceitas MIT e ISC.',
      lang: undefined,
    })
    const gone = { before: '1.0.0', version: '1.1.0', next: '2.0.0', name: 'GET /x' }
    expect(told({ rule: 'compatibility-removed', code: 'compatibility-removed.route', params: gone }, 'es').text).toBe(
      '1.0.0 tiene la ruta GET /x; 1.1.0 no. Consérvelo o publique como 2.0.0.',
    )
  })

  it('of a version of before, or with a code that is not known here, is the registry’s own sentences, marked as English', () => {
    for (const code of [undefined, 'toString', 'licence-refused.fix', 'of-a-newer.registry'])
      expect(told({ rule: 'licence-refused', ...(code !== undefined && { code }) })).toEqual({
        text: 'It bundles something. Do not.',
        lang: 'en',
      })
  })
})
