import { createI18n } from '@dcesop/sdk-plugin/i18n'
import en from '../../locales/en.json'
import es from '../../locales/es.json'
import pt from '../../locales/pt-BR.json'
import type { AuditRecord } from '../api/history-answers.ts'
import { actionId } from './audit-action.ts'
import { auditNote, namedDetails } from './audit-note.ts'
import { isSaidWhole, refusalText } from './refusal.ts'

const catalogues = { en, es, 'pt-BR': pt }
function fail(problem: object): never {
  throw new Error(JSON.stringify(problem))
}
function note(about: Partial<AuditRecord>, locale = 'es') {
  const i18n = createI18n({ locale, catalogues, onProblem: fail })
  const record: AuditRecord = {
    sequence: 1,
    at: '2026-11-02T14:00:00.000Z',
    action: 'plugin.upgrade',
    outcome: 'failed',
    actor: { subject: 'a_1', kind: 'person' },
    ...about,
  }
  return auditNote(record, {
    i18n,
    region: (id) => i18n.t(`region.${id}`),
    reasonOf: ({ reason, causes = [] }) => ({
      text: `${causes.map(({ code }) => code).join()} of ${reason}`,
      lang: undefined,
    }),
    refusalOf(code, extensions) {
      const text = refusalText({ code, extensions }, i18n)
      return text === undefined ? undefined : { text, isWhole: isSaidWhole({ code, extensions }) }
    },
  })
}
const texts = (...given: Parameters<typeof note>) => note(...given).map(({ text }) => text)

describe('the note of a record', () => {
  it('is told as it stands where an older release wrote it in another form', () => {
    const details = { version: '1.1.0', canary: '[object Object]' }
    expect(texts({ details }, 'en')).toEqual(['version: 1.1.0', 'canary: [object Object]'])
  })

  it('names what was chosen in the person’s language', () => {
    const details = { from: 'registry', version: '1.1.0', with: '[{"plugin":"maps","version":"2.0.0"}]', cascade: true }
    expect(texts({ region: 'br', details })).toEqual([
      'Brasil',
      'Versión: 1.1.0',
      'Desde: del registro',
      'Junto con: maps 2.0.0',
      'Con dependientes: sí',
    ])
  })

  it('tells a trial in words', () => {
    expect(texts({ details: { canary: '{"regions":["br","mx"],"minRequests":10}' } }, 'pt-BR')).toEqual([
      'Teste: para todos em Brasil e México',
    ])
    expect(texts({ details: { canary: '{"percent":2.5}' } })).toEqual(['Prueba: para el 2,5 % de las personas'].map(nb))
  })

  it('tells the steps of a plan that grew, and not the sentence in English', () => {
    const unconfirmed = JSON.stringify([{ action: 'upgrade', plugin: 'maps', version: '2.0.0', from: '1.0.0' }])
    const details = { detail: 'The plan also has to upgrade "maps" 2.0.0.', unconfirmed }
    expect(texts({ reason: 'plan_differs', details })).toEqual([
      es['refusal.plan_differs'],
      'También haría esto: maps pasa de 1.0.0 a 2.0.0.',
    ])
  })

  it('tells why the registry refused a decision, or was not believed, and not the sentence in English', () => {
    const refused = (registryReason: object) => ({
      detail: 'It cannot be.',
      registryCode: 'decision_not_possible',
      registryReason: JSON.stringify(registryReason),
    })
    const approved = { code: 'approved', params: { version: '@ana/dcesop-radio@1.0.0', region: 'br' } }
    expect(note({ reason: 'registry_declined', details: refused(approved) }, 'pt-BR')).toEqual([
      { text: '@ana/dcesop-radio@1.0.0 já está aprovada para o Brasil.', lang: undefined },
    ])
    const told = {
      id: 'not-believed',
      params: { what: { id: 'what.snapshot' }, why: { id: 'why.unknown', params: { keyid: 'k1' } } },
    }
    const details = { detail: 'It is not believed.', registry: 'https://registry.test', told: JSON.stringify(told) }
    expect(texts({ action: 'plugin.registry.refused', reason: 'key_not_valid', details }, 'pt-BR')).toEqual([
      'O estado do registro não é de confiança: a chave k1 não está na lista do registro.',
      'Registro: https://registry.test',
    ])
    const expired = { id: 'state.heard', params: { at: '2026-11-02T14:00:01.000Z', now: '2026-11-02T13:00:00.000Z' } }
    const late = texts({ reason: 'release_refused', details: { ...details, told: JSON.stringify(expired) } }, 'pt-BR')
    expect(late.join()).toMatch(/\d{1,2} de nov\. de 2026, \d{2}:00:01/)
    const newer = { ...details, told: JSON.stringify({ id: 'of.a.newer' }) }
    expect(note({ reason: 'release_refused', details: newer })[0]).toEqual({ text: 'It is not believed.', lang: 'en' })
  })

  it('tells causes by their codes, beside what somebody wrote only what is theirs', () => {
    const causes = JSON.stringify([{ code: 'probe_failed', params: {} }])
    expect(texts({ reason: 'errors above', details: { causes } })).toEqual(['probe_failed of errors above'])
    expect(note({ reason: 'the trial is over' })).toEqual([{ text: 'the trial is over', lang: undefined }])
  })

  it('marks what only the server has words for as English, and keeps what it does not know', () => {
    expect(note({ reason: 'new_code', details: { detail: 'It cannot be.', wind: 'north', evidence: '{}' } })).toEqual([
      { text: 'It cannot be.', lang: 'en' },
      { text: 'wind: north', lang: undefined },
    ])
  })

  it('tells what a plugin noted itself as it stands, whatever that is', () => {
    const details = { with: 'somebody', canary: '{', causes: '[null]', evidence: 'x', times: 1200, good: true }
    expect(note({ plugin: 'acme', reason: 'plan_differs', details })).toEqual(
      ['plan_differs', 'with: somebody', 'canary: {', 'causes: [null]', 'evidence: x', 'times: 1200', 'good: sí'].map(
        (text) => ({ text, lang: undefined }),
      ),
    )
  })

  it('has a name for each detail in each language', () => {
    for (const catalogue of [en, es, pt])
      for (const name of namedDetails) expect(Object.keys(catalogue)).toContain(`audit.detail.${name}`)
  })
})

it('what was done has a name in each language, and what is not known has none', () => {
  const ids = Object.keys(es).filter((id) => id.startsWith('audit.action.'))
  expect(ids.map((id) => actionId(id.slice('audit.action.'.length)))).toEqual(ids)
  expect(actionId('plugin.juggle')).toBeUndefined()
})

const nb = (text: string) => text.replace(' %', '\u00a0%')
