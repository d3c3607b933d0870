import { dictionary } from '@zxcvbn-ts/language-common'
import { passwordFault } from './password-fault.ts'

const reasonOf = async (password: string, about: readonly string[] = []) =>
  (await passwordFault(password, about))?.reason

describe('a password', () => {
  it('is refused when it is one of the 3,000 most common that are long enough, however it is written', async () => {
    const list = dictionary['passwords-common'] ?? []
    const common = list.map(String).filter((word) => word.length >= 8)
    expect(common.length).toBeGreaterThan(3000)
    for (const word of common.slice(0, 3000)) expect([word, await reasonOf(word)]).not.toEqual([word, undefined])
    expect(await reasonOf('Sunshine')).toBe('common')
    expect(await reasonOf('P@ssw0rd')).toBe('common')
  })

  it.each(['1234567', '', 'ñ'.repeat(257), '💧💧💧💧💧💧💧'])('is refused for its length: "%s"', async (password) => {
    expect(await reasonOf(password)).toBe('length')
  })

  it.each(['aaaaaaaaaaaaaaaa', '121212121212', 'abcabcabcabcabc'])(
    'is refused as a pattern: "%s"',
    async (password) => {
      expect(await reasonOf(password)).toBe('common')
    },
  )

  it.each([
    'DCESOP-2026!',
    'registry 2026',
    'dc3s0p-r3g1stry',
    'contraseña.1',
    'Senha@2026',
    'ana.lopez',
    'lopez-ana-1990',
    'López 2026!',
    'ana.lopez.dragon',
    'acme-telecom-1',
  ])('is refused when it is made of what everybody would try: "%s"', async (password) => {
    expect(await reasonOf(password, ['ana.lopez', 'ana@acme.example'])).toBe('guessable')
  })

  it.each([
    'ana keeps two grey cats',
    '8492 0317 5526 9911',
    'correct horse battery staple',
    'la llave está bajo la maceta',
    'x7#Kq!9vLw2',
    '💧🌵🦜🌶️🚲🎻🧉🪁',
    'ñ'.repeat(3) + ' un buen largo etcétera '.repeat(8),
  ])('of its own is taken, whatever characters it has: "%s"', async (password) => {
    expect(await reasonOf(password, ['ana.lopez', 'ana@acme.example'])).toBeUndefined()
  })
})
