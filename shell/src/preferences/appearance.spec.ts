import {
  applyAppearance,
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
    const stored = { theme: 'dark', density: 'huge', locale: 7, letters: 'no', textSize: 150, motion: 'none' }
    expect(parseAppearance({ ...stored, announcements: 'some' }, fallback)).toEqual({
      theme: 'dark',
      density: 'comfortable',
      locale: 'en',
      textSize: 150,
      motion: 'none',
      announcements: 'all',
      letters: true,
    })
    expect(parseAppearance({ textSize: 1000 }, fallback)).toEqual(fallback)
    expect(parseAppearance('nonsense', fallback)).toEqual(fallback)
  })

  it('gives back what it saved, and the default from a spoilt or blocked store', () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    }
    const wanted = {
      theme: 'contrast',
      density: 'compact',
      locale: 'pt-BR',
      textSize: 200,
      motion: 'none',
      announcements: 'critical',
      letters: false,
    } as const
    expect(saveAppearance(storage, wanted)).toBe(true)
    expect(loadAppearance(storage, ['en'])).toEqual(wanted)
    expect(loadAppearance({ getItem: () => '{' }, ['en']).locale).toBe('en')
    const blocked = () => {
      throw new Error('blocked')
    }
    expect(loadAppearance({ getItem: blocked }, ['en']).locale).toBe('en')
    expect(saveAppearance({ setItem: blocked }, wanted)).toBe(false)
  })

  it('is on the page before anything is painted', () => {
    const root = { style: {}, dataset: {} } as HTMLElement
    const wanted = { ...defaultAppearance(['pt']), theme: 'dark', textSize: 150, motion: 'none' } as const
    applyAppearance(root, wanted, () => false)
    expect(root).toEqual({
      lang: 'pt-BR',
      dir: 'ltr',
      style: { fontSize: '150%' },
      dataset: { theme: 'dark', density: 'comfortable', motion: 'none' },
    })
    applyAppearance(root, { ...wanted, textSize: 100 }, () => false)
    expect(root.style.fontSize).toBe('')
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
