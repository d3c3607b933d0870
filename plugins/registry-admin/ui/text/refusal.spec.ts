import en from '../../locales/en.json'
import es from '../../locales/es.json'
import pt from '../../locales/pt-BR.json'
import { refusalId } from './refusal.ts'

const declined = (registryCode: string) => refusalId({ code: 'registry_declined', extensions: { registryCode } })

describe('a refusal', () => {
  it('has a sentence in the person’s language by its code, the registry’s before the host’s', () => {
    expect(declined('second_person_required')).toBe('refusal.registry.second_person_required')
    expect(refusalId({ code: 'plan_differs', extensions: {} })).toBe('refusal.plan_differs')
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
