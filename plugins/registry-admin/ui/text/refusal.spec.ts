import en from '../../locales/en.json'
import es from '../../locales/es.json'
import pt from '../../locales/pt-BR.json'
import { createI18n } from '@dcesop/sdk-plugin/i18n'
import { distrustIds } from './distrust.ts'
import { isSaidWhole, refusalId, refusalReasons, refusalText } from './refusal.ts'

const declined = (registryCode: string) => refusalId({ code: 'registry_declined', extensions: { registryCode } })

describe('a refusal', () => {
  it('has a sentence in the person’s language by its code, the registry’s before the host’s', () => {
    expect(declined('second_person_required')).toBe('refusal.registry.second_person_required')
    expect(refusalId({ code: 'plan_differs', extensions: {} })).toBe('refusal.plan_differs')
  })

  it('of a decision says why, where the registry tells that', () => {
    const i18n = createI18n({ locale: 'pt-BR', catalogues: { en, es, 'pt-BR': pt } })
    const refused = (code: string, params: object) => ({
      code: 'registry_declined',
      extensions: { registryCode: 'decision_not_possible', registryReason: { code, params } },
    })
    const flagged = refused('flagged', { version: '1.0.0', flags: ['a', 'b'] })
    expect(refusalText(flagged, i18n)).toBe('1.0.0 está marcada: a e b.')
    expect(refusalText(refused('of_a_newer', {}), i18n)).toBe(pt['refusal.registry.decision_not_possible'])
  })

  it.each<[string, object, boolean]>([
    ['plugin_installed', {}, true],
    ['release_refused', {}, false],
    ['registry_declined', { registryCode: 'own_plugin' }, true],
    ['registry_declined', { registryCode: 'invalid_request' }, false],
    ['registry_declined', { registryCode: 'something_new' }, false],
    ['registry_declined', {}, false],
  ])('%s with %j leaves the server nothing to add: %s', (code, extensions, isWhole) => {
    expect(isSaidWhole({ code, extensions: { ...extensions } })).toBe(isWhole)
  })

  it('has a message for each reason and each distrust, and no other', () => {
    const after = (start: string) =>
      Object.keys(es).flatMap((id) => (id.startsWith(start) ? [id.slice(start.length)] : []))
    expect(after('refusal.reason.')).toEqual(refusalReasons)
    expect(after('distrust.')).toEqual(distrustIds)
  })

  it('of another code is left to the library, and of one that only the registry knows, is told as its refusal', () => {
    expect(declined('something_new')).toBe('refusal.registry_declined')
    expect(refusalId({ code: 'second_person_required', extensions: {} })).toBeUndefined()
  })

  it.each(['not_signed_in', 'own_plugin', 'decision_not_possible', 'forbidden', 'conflict'])(
    '%s is translated',
    (code) => {
      const id = declined(code) as keyof typeof en
      expect(new Set([en[id], es[id], pt[id]]).size).toBe(3)
    },
  )
})
