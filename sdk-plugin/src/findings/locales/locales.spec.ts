import { checkCatalogues } from '../../i18n/index.ts'
import { finding, type PackageFinding } from '../finding.ts'
import { findingTexts } from '../finding-text.ts'
import { en, type FindingTexts } from './en.ts'
import { es } from './es.ts'
import { ptBR } from './pt-BR.ts'

const told = (locale: string, texts: FindingTexts, one: Pick<PackageFinding, 'code' | 'params'>) => {
  const { evidence, fix } = findingTexts(locale, texts)(one) ?? {}
  return `${evidence} ${fix}`
}

describe('findings', () => {
  it('have every sentence in every language, with the same parameters', () => {
    const found = checkCatalogues({ es, 'pt-BR': ptBR, en }, { locales: ['es', 'pt-BR', 'en'], source: 'en' })
    // They are told on a terminal and as text, and name elements of HTML.
    expect(found.filter(({ rule }) => rule !== 'markup')).toEqual([])
  })

  it('each say how to mend them', () => {
    const codes = Object.keys(en).filter((id) => !id.endsWith('.fix'))
    const mended = (code: string) => [`${code}.fix`, `${code.split('.')[0]}.fix`].some((id) => Object.hasOwn(en, id))
    expect(codes.filter((code) => !mended(code))).toEqual([])
  })

  it('are told in other languages by their code, with the plurals and alternatives of the language', () => {
    const one = finding('manifest-shape.min-items', { pointer: '/a', given: '[]', limit: 1, page: 'docs/a.md' })
    expect(one).toMatchObject({
      rule: 'manifest-shape',
      evidence: expect.stringContaining('at least 1 item,') as string,
    })
    expect(told('es', es, one)).toContain('al menos 1 elemento y es []. Cambie el valor; docs/a.md')
    expect(told('pt-BR', ptBR, { ...one, params: { ...one.params, limit: 2 } })).toContain('pelo menos 2 itens')
    const other = finding('manifest-shape.similar', {
      pointer: '/a',
      given: 'b',
      meant: ['"c"', '"d"'],
      page: 'docs/a.md',
    })
    expect(other.fix).toContain('Did you mean "c" or "d"?')
    expect(told('es-CO', es, other)).toContain('¿Quiso decir "c" o "d"?')
    expect(told('pt-BR', ptBR, other)).toContain('Você quis dizer "c" ou "d"?')
  })

  it('are left as they are where a code is not known here', () => {
    const tell = findingTexts('es', es)
    expect([tell({}), tell({ code: 'of-a-newer.registry' }), tell({ code: 'toString' })]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
