import { languageOf } from './language.ts'

test.each([
  [{ DCESOP_LANG: 'pt-BR', LC_ALL: 'es_CO.UTF-8', LANG: 'en_US.UTF-8' }, 'pt-BR'],
  [{ LC_ALL: 'es_CO.UTF-8', LC_MESSAGES: 'en_US.UTF-8', LANG: 'pt_BR.UTF-8' }, 'es-CO'],
  [{ LC_ALL: '', LC_MESSAGES: 'es_MX', LANG: 'pt_BR.UTF-8' }, 'es-MX'],
  [{ LANG: 'pt_PT.UTF-8' }, 'pt-BR'],
  [{ LANG: 'es_AR.UTF-8@euro' }, 'es'],
  [{ DCESOP_LANG: 'pt' }, 'pt-BR'],
  [{ DCESOP_LANG: 'fr', LANG: 'es_CO.UTF-8' }, 'en'],
  [{ LANG: 'C.UTF-8' }, 'en'],
  [{ LANG: 'POSIX' }, 'en'],
  [{ LANG: 'de_DE.UTF-8' }, 'en'],
  [{}, 'es'],
])('%j speaks %s', (env, expected) => {
  expect(languageOf(env, () => 'es-PE')).toBe(expected)
})

it('asks the system only where the terminal says nothing: that takes a fifth of a start', () => {
  const asked = jest.spyOn(Intl, 'DateTimeFormat')
  expect(languageOf({ LANG: 'en_US.UTF-8' })).toBe('en')
  expect(asked).not.toHaveBeenCalled()
  asked.mockRestore()
})
