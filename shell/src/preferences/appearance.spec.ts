import {
  defaultAppearance,
  loadAppearance,
  negotiateLocale,
  parseAppearance,
  resolveTheme,
  saveAppearance,
} from './appearance.ts'

describe('appearance', () => {
  it.each([
    [['es-MX', 'en'], 'es-MX'],
    [['es-AR'], 'es'],
    [['pt-PT', 'en'], 'pt-BR'],
    [['EN-us'], 'en'],
    [['fr', 'de', 'es-CO'], 'es-CO'],
    [['fr'], 'es'],
    [[], 'es'],
  ])('finds for %j the locale %s', (wanted, expected) => {
    expect(negotiateLocale(wanted)).toBe(expected)
  })

  it('keeps what it knows of a stored value and falls back for the rest', () => {
    const fallback = defaultAppearance(['en'])
    expect(parseAppearance({ theme: 'dark', density: 'huge', locale: 7, letters: 'no' }, fallback)).toEqual({
      theme: 'dark',
      density: 'comfortable',
      locale: 'en',
      letters: true,
    })
    expect(parseAppearance('nonsense', fallback)).toEqual(fallback)
  })

  it('gives back what it saved, and the default from a spoilt or blocked store', () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    }
    const wanted = { theme: 'contrast', density: 'compact', locale: 'pt-BR', letters: false } as const
    expect(saveAppearance(storage, wanted)).toBe(true)
    expect(loadAppearance(storage, ['en'])).toEqual(wanted)
    expect(loadAppearance({ getItem: () => '{' }, ['en']).locale).toBe('en')
    const blocked = () => {
      throw new Error('blocked')
    }
    expect(loadAppearance({ getItem: blocked }, ['en']).locale).toBe('en')
    expect(saveAppearance({ setItem: blocked }, wanted)).toBe(false)
  })

  it('follows the system only when asked to, contrast first', () => {
    const system =
      (...on: string[]) =>
      (query: string) =>
        on.includes(query)
    const dark = '(prefers-color-scheme: dark)'
    const contrast = '(prefers-contrast: more)'
    expect(resolveTheme('auto', system())).toBe('light')
    expect(resolveTheme('auto', system(dark))).toBe('dark')
    expect(resolveTheme('auto', system(dark, contrast))).toBe('contrast')
    expect(resolveTheme('light', system(dark, contrast))).toBe('light')
  })
})
